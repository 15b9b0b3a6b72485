"""Heat and rank. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from math import log2

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
