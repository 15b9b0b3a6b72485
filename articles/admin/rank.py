"""The rank of a story with its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from django.conf import settings

from ..models import Article
from ..stories.ranking import EPOCH, HEAT_PER_RELATED


@dataclass(frozen=True)
class Rank:
    """`rank` = `of_heat` + `of_time`; the heat's own sum where the lead is at hand."""

    rank: float
    heat: int
    of_heat: float
    of_time: float
    at: datetime
    half_life: float
    heat_sum: str


def rank_of(article: Article) -> Rank | None:
    """The arithmetic of its story's rank, read back from what is stored; None when not ranked."""
    story, half_life = article.story, settings.HALF_LIFE_HOURS
    if story.rank is None:
        return None
    of_heat = log2(max(story.heat, 1))
    of_time = story.rank - of_heat
    at = EPOCH + timedelta(hours=of_time * half_life)
    return Rank(story.rank, story.heat, of_heat, of_time, at, half_life, _heat_sum(article))


def _heat_sum(article: Article) -> str:
    story = article.story
    related = story.member_count - 1 + story.related_count
    hidden = f" ({story.hidden_count} hidden)" if story.hidden_count else ""
    parts = [
        f"{article.quality or 0} for quality",
        f"{HEAT_PER_RELATED} × {related} for coverage{hidden}",
    ]
    extra = article.heat_extra
    if extra:
        parts.append(f"{extra} from the machine")
    total = (article.quality or 0) + HEAT_PER_RELATED * related + extra
    # Another member leads, or coverage has been taken out: then the sum is not this article's.
    return " + ".join(parts) if article.is_lead and total == story.heat else ""
