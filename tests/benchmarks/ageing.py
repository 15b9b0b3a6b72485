"""Older years of a newsroom: copies of its newest articles, made by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, models

from articles.models import (
    Article,
    ArticleTopic,
    Claim,
    RelatedItem,
    Revision,
    Story,
    Transition,
)

_STEM = "substr({0}, 1, 11) || (CAST(substr({0}, 12) AS bigint) - k * {articles})"
_ARTICLE = "{0} - k * {articles}"
_DECIDED_OR_ASIDE = "is_backlog OR (is_lead AND state IN ('new', 'in_review'))"
_COPIED: dict[type[models.Model], dict[str, str]] = {
    Story: {
        "id": "id - k * {stories}",
        "slug": _STEM,
        "rank": "rank - k * {seconds} / 43200.0",
    },
    Article: {
        **dict.fromkeys(("id", "draft_id"), _ARTICLE),
        "slug": _STEM,
        "story_id": "story_id - k * {stories}",
        "run_id": "run_id - k * {runs}",
        "web_url": "replace(web_url, '/' || id, '/' || (id - k * {articles}))",
        "link_hash": "link_hash - k",
        "identity": "identity - k * {articles} * CAST(104729 AS bigint)",
        "title_hash": "title_hash - k * {articles} * CAST(15485863 AS bigint)",
        # What waits to go live, waits in the same proportion.
        "go_live_at": "CASE WHEN go_live_at > {now} THEN go_live_at ELSE {time} END",
        "is_backlog": _DECIDED_OR_ASIDE,
        "assignee_id": "NULL",
        "claimed_at": "NULL",
        "arrived_at": "{published}",
        **dict.fromkeys(
            (
                "published_at",
                "first_published_at",
                "touched_at",
                "state_acted_at",
                "removed_upstream_at",
            ),
            "{time}",
        ),
    },
    Revision: dict.fromkeys(("id", "article_id"), _ARTICLE),
    ArticleTopic: {"article_id": _ARTICLE},
    Claim: {
        "article_id": _ARTICLE,
        "identity": "CASE WHEN identity < 0 THEN identity + 2 * k * {articles}"
        " ELSE identity - k * {articles} * CAST(104729 AS bigint) END",
        "title_hash": "CASE WHEN title_hash < 0 THEN title_hash + 2 * k * {articles}"
        " ELSE title_hash - k * {articles} * CAST(15485863 AS bigint) END",
    },
    RelatedItem: {
        **dict.fromkeys(("identity", "title_hash"), "{0} + 2 * k * {articles}"),
        "printed_by": _STEM,
        "published_at": "{time}",
    },
    Transition: {**dict.fromkeys(("id", "article_id"), _ARTICLE), "at": "{time}"},
}
"""What differs in the `k`th copy of a row, by column."""

_TIMES = {
    "sqlite": ("datetime({0}, '-' || (k * {seconds}) || ' seconds')", "datetime('now')"),
    "postgresql": ("{0} - k * interval '{seconds} seconds'", "now()"),
}
_COPIES = {
    "sqlite": "(WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < {0})"
    " SELECT k FROM c)",
    "postgresql": "(SELECT generate_series(1, {0}) AS k)",
}
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}


def copy_back(copies: int, *, articles: int, stories: int, runs: int, each: timedelta) -> None:
    """So many copies of everything there is, each `each` older than the one before.

    `articles`, `stories` and `runs`: how many ids further back each copy begins.
    """
    seconds = int(each.total_seconds())
    sizes = {"articles": articles, "stories": stories, "runs": runs, "seconds": seconds}
    time, now = _TIMES[connection.vendor]
    among = _COPIES[connection.vendor].format(copies)
    with connection.cursor() as cursor:
        for model, changed in _COPIED.items():
            values = {}
            for field in model._meta.concrete_fields:
                name = str(field.column)
                if field.primary_key and name not in changed:
                    continue
                values[name] = changed.get(name, "{0}").format(
                    name,
                    **sizes,
                    now=now,
                    time=time.format(name, seconds=seconds),
                    published=time.format("published_at", seconds=seconds),
                )
            table = model._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
                f" FROM {among} AS copies CROSS JOIN {table}"
            )


@contextmanager
def without_indexes() -> Iterator[None]:
    """Indexes are made at once when the rows stand; those of constraints stay."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, made in found:
            cursor.execute(made)
