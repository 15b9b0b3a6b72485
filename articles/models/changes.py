"""What changed for readers, story by story: the memory behind `/api/v1/changes/`.

Triggers keep it in the transaction of any change, imports included; what passes with the clock is
in no table. One row a story, and none for a story that was not public when it changed.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connections, models
from django.db.models import Q

from providers.models import Provider

from . import triggers
from .article import Article
from .edition import Edition
from .place import ArticleTopic
from .source import Run
from .story import RelatedItem, Story
from .topic import Topic
from .triggers import IS_PUBLISHED, Trigger

KEPT_DAYS = 90
_ROOM = "changes"

_WINDOW = ("state", "go_live_at", "expire_at", "is_lead", "story_id")
_READ = (
    *("title", "excerpt", "published_at", "web_url", "original_url", "type", "quality"),
    *("embed", "body", "images", "provider_id", "category", "updated_at", "amp_url"),
    *("cdn_amp_url", "heat", "provider_name", "provider_domain", "provider_images"),
    "state_acted_at",
)
_COUNTED = ("slug", "heat", "rank", "member_count", "related_count")
_RELATED = ("title", "link", "published_at", "quality", "provider_name", "hidden_at")
_PROVIDED = ("name", "policy", "excerpt_limit", "is_link_only", "logo")
_NAMED = ("name", "slug")


class Change(models.Model):
    """The last change of a story that was public when it happened.

    `number` grows with every transaction, in the order in which they can be seen; `came` is the
    number under which the story last went public, 0 if it did so before this memory began.
    `slug` is the address of a story that was deleted. On PostgreSQL numbers below zero are those
    of a transaction that is still running; it gets its own as the last thing it does.
    """

    story = models.BigIntegerField()
    number = models.BigIntegerField()
    came = models.BigIntegerField(default=0)
    slug = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "story"], name="one_change_a_transaction"),
            models.UniqueConstraint(
                fields=["story"], condition=Q(number__gt=0), name="one_change_a_story"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="change_by_time")]

    def __str__(self) -> str:
        return f"{self.story} at {self.number}"


class _Dialect(NamedTuple):
    now: str
    """The present time, as Django stores it."""
    ago: str
    """The same KEPT_DAYS ago."""
    number: str
    merge: str
    """What a second change of a story does to the row of the first."""


_SQLITE = _Dialect(
    now="strftime('%Y-%m-%d %H:%M:%f', 'now')",
    ago=f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-{KEPT_DAYS} days')",
    number="(SELECT coalesce(max(number), 0) + 1 FROM articles_change)",
    merge=(
        "(story) WHERE number > 0 DO UPDATE SET number = EXCLUDED.number, at = EXCLUDED.at,"
        " came = CASE WHEN EXCLUDED.came <> 0 THEN EXCLUDED.came ELSE came END,"
        " slug = CASE WHEN EXCLUDED.slug <> '' THEN EXCLUDED.slug ELSE slug END"
    ),
)
_POSTGRES = _Dialect(
    now="clock_timestamp()",
    ago=f"now() - interval '{KEPT_DAYS} days'",
    number="-txid_current()",
    merge=(
        "(number, story) DO UPDATE SET came = least(articles_change.came, EXCLUDED.came),"
        " slug = greatest(articles_change.slug, EXCLUDED.slug)"
        " WHERE EXCLUDED.came < articles_change.came OR EXCLUDED.slug > articles_change.slug"
    ),
)

# Commits take turns at row 0 of the editions, so that numbers follow the order of commits.
_IN_TURN = (
    """
    UPDATE articles_change SET number = turn.number,
      came = CASE WHEN articles_change.came < 0 THEN turn.number ELSE 0 END
    FROM (SELECT greatest(max(number), 0) + 1 AS number FROM articles_change) AS turn
    WHERE articles_change.number = -txid_current() AND NOT EXISTS (
      SELECT 1 FROM articles_change known
      WHERE known.story = articles_change.story AND known.number > 0
    )
    """,
    """
    UPDATE articles_change SET number = turn.number, at = own.at,
      came = CASE WHEN own.came < 0 THEN turn.number ELSE articles_change.came END,
      slug = CASE WHEN own.slug <> '' THEN own.slug ELSE articles_change.slug END
    FROM articles_change own,
      (SELECT greatest(max(number), 0) + 1 AS number FROM articles_change) AS turn
    WHERE articles_change.number > 0 AND own.story = articles_change.story
      AND own.number = -txid_current()
    """,
    "DELETE FROM articles_change WHERE number = -txid_current()",
)
# By EXECUTE each is planned for what the table holds at this commit: the plan of a connection's
# first commit, with a change or two, would go through all for each of the thousands of an import.
_TURN = "PERFORM 1 FROM articles_edition WHERE id = 0 FOR UPDATE;" + "".join(
    f" EXECUTE $turn${statement}$turn$;" for statement in _IN_TURN
)


def install(using: str) -> None:
    """Begin to remember."""
    triggers.install(using, _ROOM, _triggers(connections[using].vendor == "postgresql"))


def remove(using: str) -> None:
    """Remember no longer."""
    triggers.remove(using, _ROOM)


def _triggers(is_postgres: bool) -> list[Trigger]:
    by = _POSTGRES if is_postgres else _SQLITE
    found = [*_of_articles(by), *_of_topics(by, is_postgres), *_of_others(by)]
    forget = f"DELETE FROM articles_change WHERE at < {by.ago};"
    found.append(Trigger(Run._meta.db_table, "AFTER INSERT", forget))
    if is_postgres:
        # A transaction that changes what readers see makes exactly one such row.
        table, mine = Edition._meta.db_table, "NEW.id <> 0"
        found.append(Trigger(table, "AFTER INSERT", _TURN, when=mine, is_deferred=True))
    return found


def _of_articles(by: _Dialect) -> list[Trigger]:
    table = Article._meta.db_table
    is_live = "(OLD.state = 'published' OR NEW.state = 'published')"
    came = "NEW.state = 'published' AND OLD.state <> 'published'"
    live = _note(by, "NEW.story_id", "WHERE true", came=came)
    moved = _note(by, "OLD.story_id", "WHERE OLD.story_id <> NEW.story_id", slug=_slug("OLD"))
    coverage = _note(by, "NEW.story_id", f"WHERE {_is_public('NEW.story_id')}")
    joined = coverage + _note(by, "OLD.story_id", f"WHERE {_is_public('OLD.story_id')}")
    was_public = f"OLD.first_published_at <= {by.now}"
    left = f"WHERE {was_public} OR {_is_public('OLD.story_id')}"
    shown = "('new', 'in_review', 'approved')"
    line = (
        f"{_differs(_READ)} OR (OLD.state IN {shown}) <> (NEW.state IN {shown})"
        " OR (OLD.state = 'approved') <> (NEW.state = 'approved')"
    )
    born = _note(by, "NEW.story_id", "WHERE true", came="true")
    return [
        Trigger(table, "AFTER INSERT", born, when="NEW.state = 'published'"),
        Trigger(
            table,
            f"AFTER UPDATE OF {', '.join((*_WINDOW, *_READ))}",
            live,
            when=f"{is_live} AND ({_differs((*_WINDOW, *_READ))})",
        ),
        Trigger(
            table,
            "AFTER UPDATE OF story_id",
            moved,
            when=f"OLD.story_id <> NEW.story_id AND {was_public}",
        ),
        Trigger(
            table,
            f"AFTER UPDATE OF state, {', '.join(_READ)}",
            coverage,
            when=f"NOT {is_live} AND ({line})",
        ),
        Trigger(
            table,
            "AFTER UPDATE OF story_id",
            joined,
            when=f"NOT {is_live} AND OLD.story_id <> NEW.story_id",
        ),
        Trigger(table, "AFTER DELETE", _note(by, "OLD.story_id", left, slug=_slug("OLD"))),
    ]


def _of_topics(by: _Dialect, is_postgres: bool) -> list[Trigger]:
    """An article's topics; an import brings many at once, of articles that are not public yet."""
    table = ArticleTopic._meta.db_table
    found = []
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        places = "places" if is_postgres else f"(SELECT {row}.article_id AS article_id)"
        live = (
            f"FROM {places} AS place JOIN articles_article article"
            f" ON article.id = place.article_id WHERE {IS_PUBLISHED}"
        )
        body = _note(by, "article.story_id", live)
        rows = f"REFERENCING {row} TABLE AS places" if is_postgres else ""
        each = "STATEMENT" if is_postgres else "ROW"
        found.append(Trigger(table, f"AFTER {event}", body, each=each, tables=rows))
    return found


def _of_others(by: _Dialect) -> list[Trigger]:
    of_topic = (
        "FROM articles_articletopic place JOIN articles_article article"
        " ON article.id = place.article_id"
        f" WHERE place.topic_id = NEW.id AND {IS_PUBLISHED}"
    )
    of_provider = (
        "FROM articles_article article WHERE article.provider_id = NEW.id"
        f" AND {_is_public('article.story_id')}"
    )
    of_item = (
        "FROM articles_claim claim JOIN articles_article article ON article.id = claim.article_id"
        " WHERE claim.identity = NEW.identity AND claim.title_hash = NEW.title_hash"
        f" AND {_is_public('article.story_id')}"
    )
    of_items = (
        "FROM articles_relateditem item JOIN articles_claim claim"
        " ON claim.identity = item.identity AND claim.title_hash = item.title_hash"
        " JOIN articles_article article ON article.id = claim.article_id WHERE NEW.domain"
        " IN (lower(item.provider_domain), replace(lower(item.provider_domain), 'www.', ''))"
        f" AND {_is_public('article.story_id')}"
    )
    is_ranked = "(OLD.rank IS NOT NULL OR NEW.rank IS NOT NULL)"
    return [
        _on_update(Topic, _NAMED, _note(by, "article.story_id", of_topic)),
        _on_update(Provider, _PROVIDED, _note(by, "article.story_id", of_provider)),
        *_on_blocking(_note(by, "article.story_id", of_items)),
        _on_update(RelatedItem, _RELATED, _note(by, "article.story_id", of_item)),
        _on_update(Story, _COUNTED, _note(by, "NEW.id", "WHERE true"), also=is_ranked),
    ]


def _on_blocking(body: str) -> list[Trigger]:
    """Related items have no provider's row of their own, only its domain."""
    table, blocked = Provider._meta.db_table, "policy = 'blocked'"
    differs = f"(OLD.{blocked}) <> (NEW.{blocked})"
    return [
        Trigger(table, "AFTER INSERT", body, when=f"NEW.{blocked}"),
        Trigger(table, "AFTER UPDATE OF policy", body, when=differs),
    ]


def _on_update(
    model: type[models.Model], columns: tuple[str, ...], body: str, also: str = "true"
) -> Trigger:
    event = f"AFTER UPDATE OF {', '.join(columns)}"
    return Trigger(model._meta.db_table, event, body, when=f"{also} AND ({_differs(columns)})")


def _note(by: _Dialect, story: str, which: str, *, came: str = "false", slug: str = "''") -> str:
    """Remember a change of these stories; `which` is the rest of a SELECT, with a WHERE."""
    return (
        "INSERT INTO articles_change (story, number, came, slug, at)"
        f" SELECT story, {by.number}, CASE WHEN came THEN {by.number} ELSE 0 END, slug, {by.now}"
        f" FROM (SELECT DISTINCT {story} AS story, {came} AS came, {slug} AS slug {which}) AS found"
        f" WHERE true ON CONFLICT {by.merge};"
    )


def _differs(columns: tuple[str, ...]) -> str:
    """Standard and SQLite have no operator in common that knows NULL."""
    return " OR ".join(
        f"(OLD.{name} <> NEW.{name} OR (OLD.{name} IS NULL) <> (NEW.{name} IS NULL))"
        for name in columns
    )


def _is_public(story: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM articles_article lead"
        f" WHERE lead.story_id = {story} AND lead.state = 'published')"
    )


def _slug(row: str) -> str:
    return (
        f"coalesce((SELECT story.slug FROM articles_story story WHERE story.id = {row}.story_id),"
        f" {row}.slug)"
    )
