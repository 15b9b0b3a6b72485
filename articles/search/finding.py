"""Asks the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import Count, QuerySet

from ..models import ArticleQuerySet, ArticleTopic
from .asking import WORD, Term, fold
from .weighing import weigher

MOST = 1000
"""Matches that are ranked, the newest here; of more it is only known that there are more."""

FEW = MOST + 500
"""So many of the newest articles that have the words are nearly always enough."""

COLUMNS = ("pk", "provider__domain", "provider__name")

# PostgreSQL does not see that it would soon meet enough of them, and reads all there are. Those
# that the newest do not suffice for are read by the same query, which else leaves them alone.
_ENOUGH = """
WITH met AS MATERIALIZED (
  SELECT article_id FROM articles_search WHERE vector @@ to_tsquery('simple', %s)
  ORDER BY article_id DESC LIMIT {few}
), few AS MATERIALIZED ({among} LIMIT {most}),
enough AS MATERIALIZED (
  SELECT (SELECT count(*) FROM few) >= {most} OR (SELECT count(*) FROM met) < {few} AS is_so
)
SELECT * FROM few WHERE (SELECT is_so FROM enough)
UNION ALL SELECT * FROM ({all} LIMIT {most}) AS every WHERE NOT (SELECT is_so FROM enough)
ORDER BY 1 DESC
"""


# Names would be looked up for each of thousands of places, and be what they are grouped by.
_TOPICS = """
SELECT named.slug, named.name, counted.found FROM ({counted}) AS counted
JOIN articles_topic AS named ON named.id = counted.topic
ORDER BY counted.found DESC, named.name LIMIT {most}
"""


@dataclass(frozen=True, slots=True)
class Matches:
    """Ids of the ranked matches, best first; `is_more` when there are more than were ranked.

    `providers` counts the matches of each (domain, name).
    """

    ids: list[int]
    is_more: bool = False
    providers: Counter[tuple[str, str]] = field(default_factory=Counter)


def find(rows: ArticleQuerySet, terms: Sequence[Term], names: Sequence[str] = ()) -> Matches:
    """Those of `rows` (from `published(at)`) that have every term, ranked; one query.

    Without terms all of them, newest first. `names` are those of the topics and providers to which
    `rows` are narrowed: the index has them too, and need not give what others have.
    """
    if terms:
        newest, weigh = _newest(rows, terms, names), weigher(terms)
        found = sorted(newest[:MOST], key=lambda row: weigh(row[3]), reverse=True)
    else:
        newest = _first(rows.order_by("-go_live_at", "slug"))
        found = newest[:MOST]
    return Matches(
        [row[0] for row in found],
        is_more=len(newest) > MOST,
        providers=Counter((row[1], row[2]) for row in found),
    )


def topics_of(ids: Sequence[int], most: int) -> list[tuple[str, str, int]]:
    """(slug, name, how many have it) of so many topics of these articles, the most frequent first;
    one query."""
    places = ArticleTopic.objects.filter(article__among=ids).order_by()
    counted = places.values_list("topic").annotate(found=Count("topic"))
    sql, parameters = counted.query.sql_with_params()
    return _asked(places.db, _TOPICS.format(counted=sql, most=most), parameters)


def _newest(rows: ArticleQuerySet, terms: Sequence[Term], names: Sequence[str]) -> list[Any]:
    """As many as are ranked and one more, by the order of arrival, the newest first."""
    is_postgres = connections[rows.db].vendor == "postgresql"
    named = [term for name in names for term in _indexed(name)]
    if is_postgres:
        return _enough(rows, " & ".join(filter(None, map(_for_postgres, (terms, named)))))
    found = rows.extra(
        tables=["articles_search"],
        where=["articles_search MATCH %s", "articles_search.rowid = articles_article.id"],
        params=[_beside(_for_sqlite(terms), named)],
        order_by=["-articles_search.rowid"],
    )
    return _first(found, "title")


def _enough(rows: ArticleQuerySet, words: str) -> list[Any]:
    among = rows.extra(
        tables=["met"],
        where=["met.article_id = articles_article.id"],
        order_by=["-met.article_id"],
    )
    every = rows.extra(
        tables=["articles_search"],
        where=[
            "articles_search.vector @@ to_tsquery('simple', %s)",
            "articles_search.article_id = articles_article.id",
        ],
        params=[words],
        order_by=["-articles_search.article_id"],
    )
    (few, few_given), (all_, all_given) = (
        one.values_list(*COLUMNS, "title").query.sql_with_params() for one in (among, every)
    )
    sql = _ENOUGH.format(few=FEW, most=MOST + 1, among=few, all=all_)
    return _asked(rows.db, sql, [words, *few_given, *all_given])


def _first(rows: QuerySet[Any, Any], *more: str) -> list[Any]:
    sql, parameters = rows.values_list(*COLUMNS, *more)[: MOST + 1].query.sql_with_params()
    return _asked(rows.db, sql, parameters)


def _asked(database: str, sql: str, parameters: Sequence[Any]) -> list[Any]:
    """What the database gives: for thousands of rows, what the ORM does with each is felt."""
    with connections[database].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _indexed(name: str) -> list[Term]:
    """A name as the index has it for certain: what databases make of other scripts may differ."""
    words = tuple(WORD.findall(fold(name)))
    return [Term(words)] if words and all(map(str.isascii, words)) else []


def _beside(words: str, named: Sequence[Term]) -> str:
    return f"{words} AND {{provider topics}} : ({_for_sqlite(named)})" if named else words


def _for_sqlite(terms: Sequence[Term]) -> str:
    # Words are letters and digits only, so nothing in them means anything to FTS5.
    return " AND ".join(f'"{" ".join(term.words)}"{"*" * term.is_prefix}' for term in terms)


def _for_postgres(terms: Sequence[Term]) -> str:
    return " & ".join(map(_side_by_side, terms))


def _side_by_side(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' * term.is_prefix})"
