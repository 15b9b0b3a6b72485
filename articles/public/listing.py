"""Lists of stories, 25 a page. A page begins after the last item of the one before.

Items that arrive meanwhile move nothing, and the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, Exists, FloatField, OuterRef, TextField

from ..models import Article, ArticleQuerySet, Falling, Story
from .leads import COLUMNS, Lead, lead_of, leads
from .prepared import Given, GivenIds, Prepared

PAGE_SIZE = 25

_BIGGEST_KEY = 2**63 - 1

Place = Mapping[str, Any]
"""What a cursor says of the last item of the page before, by name."""


class BadCursorError(ValueError):
    """A cursor that no page of ours has given."""


class Listing(NamedTuple):
    """One page of articles; `after` is the cursor of the next one, empty on the last."""

    articles: list[Lead]
    after: str


class Source(NamedTuple):
    """Which articles a list has.

    `build` is asked once, with a `Given` for each of the values, which are times, ids and lists of
    ids.
    """

    build: Callable[..., ArticleQuerySet]
    values: Place


Listed = ArticleQuerySet | Source | tuple[Source, ...]
"""What a list may be made of: several sources are read each for itself and put together."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A way to go through articles.

    `rows` puts them in order, those after a place if one is given; `fields` are what a place is
    made of, `place` reads a cursor (raises BadCursorError) and `cursor` writes an article's.
    `key` is the order of what is read, for lists that are put together of several.
    """

    rows: Callable[[ArticleQuerySet, Place], ArticleQuerySet]
    fields: Mapping[str, Callable[[], Any]]
    place: Callable[[str], Place]
    cursor: Callable[[Lead], str]
    key: Callable[[Lead], Any]

    def page(self, articles: Listed, cursor: str) -> Listing:
        """The page after a cursor, or the first one. Raises BadCursorError."""
        found = self.after(articles, self.place(cursor) if cursor else {})
        page = found[:PAGE_SIZE]
        return Listing(page, self.cursor(page[-1]) if len(found) > PAGE_SIZE else "")

    def first(self, articles: Listed, many: int) -> list[Lead]:
        """So many of them from the beginning; a query for each source."""
        return self.after(articles, {}, many)

    def after(self, articles: Listed, place: Place, many: int = 0) -> list[Lead]:
        """So many of what comes after a place, or first: of what makes a page, one more."""
        many = many or PAGE_SIZE + 1
        if isinstance(articles, ArticleQuerySet):
            return leads(self.rows(articles, place)[:many])
        if isinstance(articles, Source):
            query = self._query(articles, many, is_after=bool(place))
            return [lead_of(row) for row in query.rows(**articles.values, **place)]
        found = (lead for source in articles for lead in self.after(source, place, many))
        return sorted(found, key=self.key)[:many]

    def rows_of(self, articles: Source, most: int) -> list[Sequence[Any]] | None:
        """All of them in order, as COLUMNS; None where they are more than `most`. One query."""
        rows = self._query(articles, most + 1).rows(**articles.values)
        return rows if len(rows) <= most else None

    def know(self, articles: Source, rows: list[Sequence[Any]], many: int = 0) -> None:
        """Say ahead what `after` finds at the beginning, of all the rows; only within `sharing`."""
        many = many or PAGE_SIZE + 1
        self._query(articles, many).know(rows[:many], **articles.values)

    def _query(self, articles: Source, many: int, *, is_after: bool = False) -> Prepared:
        given = tuple((name, type(value)) for name, value in articles.values.items())
        return _prepared(self, articles.build, given, is_after, many)


def published(at: datetime) -> Source:
    """The published stories."""
    return Source(Article.objects.published, {"at": at})


def by_ids(stories: ArticleQuerySet, ids: Sequence[int]) -> list[Lead]:
    """Those of the stories whose leads have these ids, in their order."""
    found = {row.pk: row for row in leads(stories.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


@lru_cache(maxsize=64)
def _prepared(
    order: Order,
    build: Callable[..., ArticleQuerySet],
    names: tuple[tuple[str, type], ...],
    is_after: bool,
    limit: int,
) -> Prepared:
    def rows() -> Any:
        given = {
            name: GivenIds(name) if kind is list else Given(name, _FIELDS[kind]())
            for name, kind in names
        }
        fields = order.fields if is_after else {}
        place = {name: Given(name, field()) for name, field in fields.items()}
        return order.rows(build(**given), place).values_list(*COLUMNS)[:limit]

    return Prepared(rows)


def _ranked(stories: ArticleQuerySet, after: Place) -> ArticleQuerySet:
    rows = stories.filter(story__rank__isnull=False).order_by("-story__rank", "story_id")
    if after:
        rank, story = after["rank"], after["story"]
        rows = rows.filter(story__rank__lte=rank).exclude(story__rank=rank, story_id__lte=story)
    return rows


def _top(stories: ArticleQuerySet, after: Place) -> ArticleQuerySet:
    ranks = Story.objects.filter(Exists(stories.filter(story=OuterRef("pk"))), rank__isnull=False)
    if after:
        rank, story = after["rank"], after["story"]
        ranks = ranks.filter(rank__lte=rank).exclude(rank=rank, pk__lte=story)
    first = ranks.order_by("-rank", "pk").values("pk")[: PAGE_SIZE + 1]
    return _ranked(stories.filter(story__in=first), {})


def _latest(stories: ArticleQuerySet, after: Place) -> ArticleQuerySet:
    rows = stories.order_by("-go_live_at", "slug")
    if after:
        at, slug = after["time"], after["slug"]
        rows = rows.filter(go_live_at__lte=at).exclude(go_live_at=at, slug__lte=slug)
    return rows


def _by_publication(articles: ArticleQuerySet, after: Place) -> ArticleQuerySet:
    # The order of the indexes that begin with this time; PostgreSQL knows none other by them.
    rows = articles.filter(published_at__isnull=False).order_by(Falling("published_at"), "slug")
    if after:
        at, slug = after["time"], after["slug"]
        rows = rows.filter(published_at__lte=at).exclude(published_at=at, slug__lte=slug)
    return rows


def _by_rank(lead: Lead) -> tuple[float, int]:
    return -(lead.story.rank or 0.0), lead.story_id


def _by_time(at: datetime | None, slug: str) -> tuple[float, str]:
    return -at.timestamp() if at else 0.0, slug


def rank_text(last: Lead) -> str:
    return f"{last.story.rank!r}~{last.story_id}"


def rank_place(cursor: str) -> Place:
    rank_text, _, story_text = cursor.partition("~")
    try:
        rank, story = float(rank_text), int(story_text)
    except ValueError:
        raise BadCursorError(cursor) from None
    if not isfinite(rank) or not 0 <= story <= _BIGGEST_KEY:
        raise BadCursorError(cursor)
    return {"rank": rank, "story": story}


def _time_text(at: datetime | None, slug: str) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}~{slug}" if at else ""


def _time_place(cursor: str) -> Place:
    time_text, _, slug = cursor.partition("~")
    try:
        at = datetime.strptime(time_text, "%Y-%m-%dT%H:%M:%S.%f")
    except ValueError:
        raise BadCursorError(cursor) from None
    # PostgreSQL takes no NUL in a text.
    if not slug or "\0" in slug:
        raise BadCursorError(cursor)
    return {"time": at.replace(tzinfo=UTC), "slug": slug}


_FIELDS = {datetime: DateTimeField, int: BigIntegerField}
_RANK = {"rank": FloatField, "story": BigIntegerField}
_TIME = {"time": DateTimeField, "slug": TextField}

ranked = Order(_ranked, _RANK, rank_place, rank_text, _by_rank)
"""By rank, highest first."""

top = Order(_top, _RANK, rank_place, rank_text, _by_rank)
"""As `ranked`, where nearly every story with a rank is wanted: walks the index of ranks.

Databases would rather sort all the published articles.
"""

latest = Order(
    _latest,
    _TIME,
    _time_place,
    lambda last: _time_text(last.go_live_at, last.slug),
    lambda lead: _by_time(lead.go_live_at, lead.slug),
)
"""By going live, newest first."""

by_publication = Order(
    _by_publication,
    _TIME,
    _time_place,
    lambda last: _time_text(last.published_at, last.slug),
    lambda lead: _by_time(lead.published_at, lead.slug),
)
"""By the publisher's own time, newest first; none without one."""
