"""The index: what is searched of each article that is published in state.

Triggers keep it in step in the transaction of any change, imports included. Whether readers may
see an article now is asked of the article, not of the index. The row number on SQLite and the key
on PostgreSQL is the article's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connections

from ..models import triggers
from ..models.triggers import IS_PUBLISHED, Trigger
from .asking import UNACCENTED

_ROOM = "search"
_TEXTS = """
    SELECT article.id, article.title,
      CASE WHEN provider.is_link_only THEN ''
        ELSE substr(coalesce(article.excerpt, ''), 1, coalesce(provider.excerpt_limit, 1000000))
      END AS excerpt,
      provider.name || ' ' || provider.domain AS provider,
      coalesce((
        SELECT {joined} FROM articles_articletopic place
        JOIN articles_topic topic ON topic.id = place.topic_id
        WHERE place.article_id = article.id
      ), '') AS topics
    FROM articles_article article
    JOIN providers_provider provider ON provider.id = article.provider_id
    WHERE {is_published} AND {which}
"""


class Dialect(NamedTuple):
    """How one database keeps the index. `write` fills it with the articles of a condition,
    `forget` takes articles out of it."""

    table: str
    joined: str
    write: str
    forget: str


_SQLITE = Dialect(
    table=(
        "CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5"
        " (title, excerpt, provider, topics,"
        " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    ),
    joined="group_concat(topic.name, ' ')",
    write="INSERT INTO articles_search (rowid, title, excerpt, provider, topics) {texts};",
    forget="DELETE FROM articles_search WHERE rowid IN ({which});",
)


_JOINS = "-./:@_'’‘&=+*#%?~$\\<>"


def folded(column: str, joins: str = _JOINS) -> str:
    """A column in words as `asking.fold` makes them on PostgreSQL, but for case: the marks that
    join words to one are spaces.

    The extension `unaccent` need not be installed.
    """
    quoted = joins.replace("'", "''")
    spaced = f"translate({column}, '{quoted}', '{' ' * len(quoted)}')"
    accented, plain = "".join(UNACCENTED), "".join(UNACCENTED.values())
    return (
        f"CASE WHEN {spaced} ~ '[À-ɏḀ-ỿ]'"
        f" THEN translate({spaced}, '{accented}', '{plain}') ELSE {spaced} END"
    )


_WEIGHTS = {"title": "A", "excerpt": "B", "provider": "C", "topics": "C"}
_VECTOR = " || ".join(
    f"setweight(to_tsvector('simple', {folded(column)}), '{weight}')"
    for column, weight in _WEIGHTS.items()
)
_POSTGRES = Dialect(
    table=(
        "CREATE TABLE IF NOT EXISTS articles_search"
        " (article_id bigint PRIMARY KEY, vector tsvector NOT NULL);"
        "CREATE INDEX IF NOT EXISTS articles_search_vector ON articles_search USING gin (vector)"
    ),
    joined="string_agg(topic.name, ' ')",
    write=(
        "INSERT INTO articles_search (article_id, vector)"
        f" SELECT id, {_VECTOR} FROM ({{texts}}) AS texts"
        " ON CONFLICT (article_id) DO UPDATE SET vector = EXCLUDED.vector;"
    ),
    forget="DELETE FROM articles_search WHERE article_id IN ({which});",
)


def install(using: str) -> None:
    """Make the index, and fill it when it may have missed something."""
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        cursor.execute(_dialect(vendor).table)
    if triggers.install(using, _ROOM, _triggers(vendor)):
        rebuild(using)


def remove(using: str) -> None:
    """Let the index rest; `install` makes it anew."""
    triggers.remove(using, _ROOM)


def rebuild(using: str) -> None:
    """Write the whole index again."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")
        cursor.execute(_write(connection.vendor, "1 = 1"))


def _dialect(vendor: str) -> Dialect:
    return _POSTGRES if vendor == "postgresql" else _SQLITE


def _write(vendor: str, which: str) -> str:
    """The statement that writes the published articles of a condition."""
    joined = (
        "string_agg(topic.name, ' ')" if vendor == "postgresql" else "group_concat(topic.name, ' ')"
    )
    return _dialect(vendor).write.format(
        texts=_TEXTS.format(joined=joined, is_published=IS_PUBLISHED, which=which)
    )


def _again(vendor: str, ids: str) -> str:
    """Write the articles of these ids anew, those that are in the index."""
    dialect = _dialect(vendor)
    return f"{dialect.forget.format(which=ids)} {_write(vendor, f'article.id IN ({ids})')}"


def _triggers(vendor: str) -> list[Trigger]:
    return [*_of_articles(vendor), *_of_topics(vendor), _of_providers(vendor)]


def _of_articles(vendor: str) -> list[Trigger]:
    table, columns = "articles_article", ("title", "excerpt", "provider_id", "state")
    written = _write(vendor, "article.id = NEW.id")
    forgotten = _dialect(vendor).forget.format(which="OLD.id")
    is_new, was = "NEW.state = 'published'", "OLD.state = 'published'"
    differs = f"({was} OR {is_new}) AND ({_differs(vendor, columns)})"
    anew = f"{forgotten} {written}"
    if vendor == "postgresql":
        # The plan of the first article is kept, for an index as small as it was then: a first
        # import that publishes many would look through all of it for each.
        anew = f"IF {was} THEN {forgotten} END IF; {written}"
    changed = f"AFTER UPDATE OF {', '.join(columns)}"
    found = [
        Trigger(table, "AFTER INSERT", written, when=is_new),
        Trigger(table, "AFTER DELETE", forgotten, when=was),
        Trigger(table, changed, anew, when=differs),
    ]
    if vendor == "postgresql":
        emptied = "TRUNCATE articles_search;"
        found.append(Trigger(table, "AFTER TRUNCATE", emptied, each="STATEMENT"))
    return found


def _of_providers(vendor: str) -> Trigger:
    columns = ("name", "is_link_only", "excerpt_limit")
    own = "SELECT id FROM articles_article WHERE state = 'published' AND provider_id = NEW.id"
    return Trigger(
        "providers_provider",
        f"AFTER UPDATE OF {', '.join(columns)}",
        _again(vendor, own),
        when=_differs(vendor, columns),
    )


def _differs(vendor: str, columns: Sequence[str]) -> str:
    """Saving a form sets every column; only what is searched is worth writing again."""
    apart = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"OLD.{column} {apart} NEW.{column}" for column in columns)


def _of_topics(vendor: str) -> list[Trigger]:
    place, topic = "articles_articletopic", "articles_topic"
    of_topic = "SELECT article_id FROM articles_articletopic WHERE topic_id = NEW.id"
    return [
        _if_published(vendor, place, "AFTER INSERT", "NEW"),
        _if_published(vendor, place, "AFTER UPDATE OF topic_id", "NEW"),
        _if_published(vendor, place, "AFTER DELETE", "OLD"),
        Trigger(
            topic,
            "AFTER UPDATE OF name",
            _again(vendor, of_topic),
            when="OLD.name <> NEW.name",
        ),
    ]


def _if_published(vendor: str, table: str, event: str, row: str) -> Trigger:
    """Write the article of a row anew; imports give topics to articles before they publish them."""
    article = f"{row}.article_id"
    state = f"(SELECT state FROM articles_article WHERE id = {article}) = 'published'"
    body = _again(vendor, article)
    if vendor == "postgresql":
        return Trigger(table, event, f"IF {state} THEN {body} END IF;")
    return Trigger(table, event, body, when=state)
