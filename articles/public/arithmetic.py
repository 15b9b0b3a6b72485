"""The arithmetic of a story's place, as far as readers are shown it."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from ..ranking import HEAT_PER_RELATED, time_of
from .leads import Lead


class HeatSum(NamedTuple):
    """`heat` = `quality` + `each` × `reports` + `extra`; `half_life` in hours is what twice the
    heat is worth, `younger` the hours that newer reports take from its age."""

    heat: int
    quality: int
    each: int
    reports: int
    extra: int
    half_life: float
    younger: float


def heat_sum(lead: Lead) -> HeatSum:
    """How the place of a published story comes about; asks nothing of the database."""
    story, half_life = lead.story, settings.HALF_LIFE_HOURS
    reports = story.member_count - 1 + story.related_count
    score = lead.quality or 0
    extra = story.heat - score - HEAT_PER_RELATED * reports
    younger = 0.0
    if story.rank is not None and lead.go_live_at is not None:
        grown = time_of(story.rank, story.heat, half_life) - lead.go_live_at
        younger = max(0.0, round(grown.total_seconds() / 3600, 1))
    return HeatSum(story.heat, score, HEAT_PER_RELATED, reports, extra, half_life, younger)
