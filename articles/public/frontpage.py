"""The front page, and other lists by rank: the published stories, with what editors said of some
merged in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..models import Article, ArticleQuerySet, Placement
from ..ranking import Ranked, in_order
from ..snapshots import running
from .leads import Lead, leads
from .listing import PAGE_SIZE, Listing, Order, Source, rank_place, rank_text, top
from .listing import published as published_at


def front(at: datetime, cursor: str = "", *, is_placed: bool = True) -> Listing:
    """A page of it; `is_placed` False spares the question whether anything is placed.

    One query; three while anything is placed. Raises BadCursorError.
    """
    placements = list(running(at)) if is_placed else []
    return _merged(top, published_at(at), cursor, placements)


def by_rank(
    order: Order, stories: Source | ArticleQuerySet, at: datetime, cursor: str, *, is_placed: bool
) -> Listing:
    """A page of some of the published stories by rank: a topic's, a provider's.

    What editors let count as hotter or less hot does so wherever stories stand by rank; a pin is a
    place of the front page, and of no other. As `front` otherwise.
    """
    moved = [one for one in running(at) if one.place is None] if is_placed else []
    return _merged(order, stories, cursor, moved)


def _merged(
    order: Order,
    stories: Source | ArticleQuerySet,
    cursor: str,
    placements: Sequence[Placement],
) -> Listing:
    if not placements:
        return order.page(stories, cursor)
    ids = [one.story_id for one in placements]
    placed = {lead.story_id: lead for lead in leads(_only(stories, ids))}
    after = rank_place(cursor) if cursor else {}
    plain = order.after(_without(stories, ids), after)
    moved = [
        _ranked(lead, one.shift)
        for one in placements
        if one.place is None and (lead := placed.get(one.story_id))
    ]
    if after:
        moved = [row for row in moved if (-row[0], row[1]) > (-after["rank"], after["story"])]
    pinned = [] if after else _pinned(placements, placed)
    return _page([_ranked(lead) for lead in plain], moved, pinned)


def _only(stories: Source | ArticleQuerySet, ids: Sequence[int]) -> ArticleQuerySet:
    rows = stories.build(**stories.values) if isinstance(stories, Source) else stories
    return rows.filter(story__in=ids, story__rank__isnull=False)


def _without(stories: Source | ArticleQuerySet, ids: Sequence[int]) -> Source | ArticleQuerySet:
    if isinstance(stories, Source):
        return Source(_but(stories.build), {**stories.values, "placed": ids})
    return stories.exclude(story__in=ids)


@lru_cache(maxsize=16)
def _but(build: Callable[..., ArticleQuerySet]) -> Callable[..., ArticleQuerySet]:
    """Lists are compiled once for each function that builds them: this is one for each."""

    def rows(placed: Any, **values: Any) -> ArticleQuerySet:
        return build(**values).exclude(story__in=placed)

    return rows


def _ranked(lead: Lead, shift: int = 0) -> Ranked[Lead]:
    return ((lead.story.rank or 0.0) + shift, lead.story_id, lead)


def _pinned(placements: Sequence[Placement], placed: dict[int, Lead]) -> list[tuple[int, Lead]]:
    """Of two that were pinned to one place the later stands there, the other below it."""
    return [
        (one.place, placed[one.story_id])
        for one in placements
        if one.place is not None and one.story_id in placed
    ]


def _page(
    plain: Sequence[Ranked[Lead]],
    moved: Sequence[Ranked[Lead]],
    pinned: Sequence[tuple[int, Lead]],
) -> Listing:
    """The cursor is that of the last story that is not pinned: pins are on the first page only."""
    found = in_order(plain, moved, pinned)
    page = found[:PAGE_SIZE]
    if len(found) <= PAGE_SIZE:
        return Listing(page, "")
    ranks = {story: rank for rank, story, _ in (*plain, *moved)}
    last = next(lead for lead in reversed(page) if lead.story_id in ranks)
    shown = last.story._replace(rank=ranks[last.story_id])
    return Listing(page, rank_text(last._replace(story=shown)))


COUNTED = 500
"""Places further down are only known to be further down."""


def place_of(story: int, rank: float, at: datetime, placements: Sequence[Placement]) -> int | None:
    """The place of a published story of that rank among what is `running`; None beyond COUNTED.

    One query; two while anything is placed.
    """
    ids = [one.story_id for one in placements]
    found = _only(Article.objects.published(at), ids) if ids else Article.objects.none()
    ranks = dict(found.values_list("story", "story__rank"))
    placements = [one for one in placements if one.story_id in ranks]
    pins = [(one.place, one.story_id) for one in placements if one.place is not None]
    moved = {
        one.story_id: (ranks[one.story_id] or 0.0) + one.shift
        for one in placements
        if one.place is None
    }
    own = moved.pop(story, rank)
    others = Article.objects.published(at).exclude(story__in=[*ids, story])
    above = others.filter(story__rank__gte=own).exclude(story__rank=own, story__gt=story)
    count = above[:COUNTED].count()
    count += sum((-other, pk) < (-own, story) for pk, other in moved.items())
    return _among_pins(story, count + 1, pins) if count < COUNTED else None


def _among_pins(story: int, place: int, pins: Sequence[tuple[int, int]]) -> int:
    """Its place once the pins are put in, one after the other, as `in_order` does."""
    for pin, pinned in sorted(pins, key=lambda one: one[0]):
        if pinned == story:
            place = pin
        elif pin <= place:
            place += 1
    return place
