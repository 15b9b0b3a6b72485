"""Heat and rank. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log2
from operator import itemgetter
from typing import TypeVar

HEAT_PER_RELATED = 20
"""What each related article adds to the heat of a published lead (FORMAT.md)."""

NOT_A_LEAD = -1
"""The heat of every article that does not lead its story (FORMAT.md)."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def heat(quality: int | None, related: int, *, is_published: bool, extra: int = 0) -> int:
    """The score of a story: its lead's quality, and 20 for each related article once published.

    `extra` is what the machine added beyond the formula; no recomputation erases it.
    """
    score = quality or 0
    return score + HEAT_PER_RELATED * related + extra if is_published else score


def rank(heat: int, at: datetime, half_life_hours: float) -> float:
    """The place of a story: `log2(max(heat, 1)) + hours / half_life_hours`.

    Doubling the heat is worth one half-life of youth, so the order of two stories never changes
    as time passes and nothing needs recomputing (DESIGN.md, idea 3). `at` is the story's time.
    """
    hours = (at - EPOCH).total_seconds() / 3600
    return log2(max(heat, 1)) + hours / half_life_hours


def story_time(live: datetime, newest: datetime | None, half_life_hours: float) -> datetime:
    """When a story is said to have happened: its lead's going `live`, or for one that grew since
    the time of its `newest` shown coverage, but at most one half-life later (DESIGN.md, idea 3).

    The bound is what keeps a publisher's wrong clock, or a story that never ends, from standing
    above all others: newer coverage counts for no more than twice the heat.
    """
    if newest is None or newest <= live:
        return live
    return live + min(newest - live, timedelta(hours=half_life_hours))


def time_of(rank: float, heat: int, half_life_hours: float) -> datetime:
    """The story's time that a `rank` was made of, to the second."""
    hours = (rank - log2(max(heat, 1))) * half_life_hours
    return EPOCH + timedelta(seconds=round(hours * 3600))


T = TypeVar("T")
Ranked = tuple[float, int, T]
"""Rank, id of the story, and what stands there."""


def in_order(
    plain: Sequence[Ranked[T]], moved: Sequence[Ranked[T]], pinned: Sequence[tuple[int, T]] = ()
) -> list[T]:
    """The front page: stories by rank, those that editors `moved` at the rank that they have been
    given, each of the `pinned` at its place (the first is 1) where the list is that long."""
    rows = sorted([*plain, *moved], key=lambda row: (-row[0], row[1]))
    found = [thing for _, _, thing in rows]
    for place, thing in sorted(pinned, key=itemgetter(0)):
        found.insert(place - 1, thing)
    return found
