"""The rank of a story with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from ..models import Article, Placement
from ..public.frontpage import place_of
from ..ranking import HEAT_PER_RELATED, time_of
from ..snapshots import running
from ..workflow.wording import name_of


@dataclass(frozen=True)
class Rank:
    """`rank` = `of_heat` + `of_time`; the heat's own sum where the lead is at hand.

    `says` is all of it in one sentence, with the place that comes of it.
    """

    rank: float
    heat: int
    of_heat: float
    of_time: float
    at: datetime
    half_life: float
    heat_sum: str
    says: str
    placement: Placement | None


def rank_of(article: Article, now: datetime | None = None) -> Rank | None:
    """The arithmetic of its story's rank, read back from what is stored; None when not ranked.

    Three queries where it leads.
    """
    story, half_life = article.story, settings.HALF_LIFE_HOURS
    if story.rank is None:
        return None
    now = now or timezone.now()
    of_heat = log2(max(story.heat, 1))
    of_time = story.rank - of_heat
    at = time_of(story.rank, story.heat, half_life)
    placements = list(running(now).select_related("actor"))
    placement = next((one for one in placements if one.story_id == story.pk), None)
    says = _sentence(article, at, placements, now) if article.is_lead else ""
    return Rank(
        story.rank,
        story.heat,
        of_heat,
        of_time,
        at,
        half_life,
        _heat_sum(article),
        says,
        placement,
    )


def _sentence(
    article: Article, at: datetime, placements: Sequence[Placement], now: datetime
) -> str:
    """`quality 67 + 3 × 20, 5 h old, boosted by Ana until 18:00 UTC: place 4`."""
    story = article.story
    related = story.member_count - 1 + story.related_count
    parts = [f"quality {article.quality or 0} + {related} × {HEAT_PER_RELATED}"]
    if article.heat_extra:
        parts[0] += f" + {article.heat_extra} from the machine"
    # A publisher's clock may run ahead of ours.
    is_live = article.is_published(now)
    parts.append(_age(now - min(at, now) if is_live else now - at) + _why_younger(article, at))
    parts += [said_of(one) for one in placements if one.story_id == story.pk]
    if not is_live:
        return f"{', '.join(parts)}: on no page now"
    place = place_of(story.pk, story.rank or 0.0, now, placements)
    return f"{', '.join(parts)}: " + (f"place {place}" if place else "a late place")


def said_of(placement: Placement) -> str:
    """`boosted by Ana until 18:00 UTC`, with the day where that is not today."""
    until = timezone.localtime(placement.ends_at)
    is_today = until.date() == timezone.localdate()
    moment = date_format(until, "H:i T" if is_today else "j M, H:i T")
    word = {"pin": f"pinned to place {placement.place}", "boost": "boosted", "bury": "buried"}
    return f"{word[placement.kind]} by {name_of(placement.actor)} until {moment}"


def _why_younger(article: Article, at: datetime) -> str:
    """Where newer coverage lets the story count as younger than its lead is live."""
    live = article.go_live_at
    if live is None or at - live < timedelta(minutes=1):
        return ""
    # The time that is read back from a rank knows whole seconds.
    if at - live > timedelta(hours=settings.HALF_LIFE_HOURS, seconds=-1):
        return f" ({settings.HALF_LIFE_HOURS:g} h less for newer coverage, the most)"
    return " by its newest coverage"


def _age(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if minutes < 0:
        return "not live yet"
    if minutes < 60:
        return f"{minutes} min old"
    hours = minutes // 60
    return f"{hours} h old" if hours < 72 else f"{hours // 24} days old"


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
