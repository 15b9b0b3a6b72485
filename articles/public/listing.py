"""Lists of stories, 25 a page. A page begins after the last item of the one before.

Items that arrive meanwhile move nothing, and the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from ..models import Article, ArticleQuerySet, Story

PAGE_SIZE = 25
SEEN = (
    *("slug", "title", "excerpt", "type", "images", "web_url", "original_url", "quality"),
    *("is_lead", "published_at", "state", "go_live_at", "expire_at"),
    *(f"provider__{name}" for name in ("domain", "name", "images")),
    *("provider__excerpt_limit", "provider__is_link_only"),
    *(f"story__{name}" for name in ("slug", "rank", "heat", "member_count", "related_count")),
)
"""What a list shows of an article; all else costs more to load than the list itself."""

_BIGGEST_KEY = 2**63 - 1


class BadCursorError(ValueError):
    """A cursor that no page of ours has given."""


class Listing(NamedTuple):
    """One page of articles; `after` is the cursor of the next one, empty on the last."""

    articles: list[Article]
    after: str


def ranked(stories: ArticleQuerySet, cursor: str) -> Listing:
    """By rank, highest first. Raises BadCursorError."""
    rows = stories.filter(story__rank__isnull=False).order_by("-story__rank", "story_id")
    if cursor:
        rank, story = _rank_cursor(cursor)
        rows = rows.filter(story__rank__lte=rank).exclude(story__rank=rank, story_id__lte=story)
    return _listing(rows, lambda last: f"{last.story.rank!r}~{last.story_id}")


def top(stories: ArticleQuerySet, cursor: str) -> Listing:
    """As `ranked`, where nearly every story with a rank is wanted: walks the index of ranks.

    Databases would rather sort all the published articles.
    """
    ranks = Story.objects.filter(Exists(stories.filter(story=OuterRef("pk"))), rank__isnull=False)
    if cursor:
        rank, story = _rank_cursor(cursor)
        ranks = ranks.filter(rank__lte=rank).exclude(rank=rank, pk__lte=story)
    first = ranks.order_by("-rank", "pk").values("pk")[: PAGE_SIZE + 1]
    return ranked(stories.filter(story__in=first), "")


def latest(stories: ArticleQuerySet, cursor: str) -> Listing:
    """By going live, newest first. Raises BadCursorError."""
    rows = stories.order_by("-go_live_at", "slug")
    if cursor:
        at, slug = _time_cursor(cursor)
        rows = rows.filter(go_live_at__lte=at).exclude(go_live_at=at, slug__lte=slug)
    return _listing(rows, lambda last: _time_text(last.go_live_at, last.slug))


def by_publication(articles: ArticleQuerySet, cursor: str) -> Listing:
    """By the publisher's own time, newest first; none without one. Raises BadCursorError."""
    rows = articles.filter(published_at__isnull=False).order_by("-published_at", "slug")
    if cursor:
        at, slug = _time_cursor(cursor)
        rows = rows.filter(published_at__lte=at).exclude(published_at=at, slug__lte=slug)
    return _listing(rows, lambda last: _time_text(last.published_at, last.slug))


def by_ids(stories: ArticleQuerySet, ids: Sequence[int]) -> list[Article]:
    """Those of the stories whose leads have these ids, in their order."""
    rows = stories.filter(pk__in=ids).select_related("provider", "story").only(*SEEN)
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]


def _listing(rows: ArticleQuerySet, cursor_of: Callable[[Article], str]) -> Listing:
    found = list(rows.select_related("provider", "story").only(*SEEN)[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return Listing(page, cursor_of(page[-1]) if len(found) > PAGE_SIZE else "")


def _rank_cursor(cursor: str) -> tuple[float, int]:
    rank_text, _, story_text = cursor.partition("~")
    try:
        rank, story = float(rank_text), int(story_text)
    except ValueError:
        raise BadCursorError(cursor) from None
    if not isfinite(rank) or not 0 <= story <= _BIGGEST_KEY:
        raise BadCursorError(cursor)
    return rank, story


def _time_text(at: datetime | None, slug: str) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}~{slug}" if at else ""


def _time_cursor(cursor: str) -> tuple[datetime, str]:
    time_text, _, slug = cursor.partition("~")
    try:
        at = datetime.strptime(time_text, "%Y-%m-%dT%H:%M:%S.%f")
    except ValueError:
        raise BadCursorError(cursor) from None
    # PostgreSQL takes no NUL in a text.
    if not slug or "\0" in slug:
        raise BadCursorError(cursor)
    return at.replace(tzinfo=UTC), slug
