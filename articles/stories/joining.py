"""Arrivals that join the story they most likely report, where a newsroom wants that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import log

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ..models import Article, Run, Story
from ..states import State
from ..workflow import ActRefused
from ..workflow.leads import OUT
from ..workflow.system import SYSTEM
from .acts import NotPossible, attach
from .suggesting import Suggestion, suggest

MOST = 1_000
"""Arrivals of one import that are looked at, the newest: the others are suggested all the same."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An arrival, and the lead of the story that it joined."""

    article: Article
    lead: Article


def join_arrivals(run: Run, at: datetime) -> list[Joined]:
    """Let what arrived with a run, at that time, join the stories that it most likely belongs to,
    if `AUTO_JOIN` says from which likelihood on.

    Only an article that is alone and untouched joins, so that no two stories ever do; and none that
    is the same piece again, nor into a story that was rejected or that an editor kept it out of.
    The newsroom itself is on record for each, which anybody who may change stories can undo.
    """
    threshold = settings.AUTO_JOIN
    if threshold is None:
        return []
    enough = log(threshold / (1 - threshold))
    joined = []
    for article in _alone(run, at).order_by("-published_at", "pk")[:MOST]:
        best = next(iter(suggest(article, most=1)), None)
        if best is not None and best.score >= enough and _is_open(best):
            joined += _join(article, best)
    return joined


def _alone(run: Run, at: datetime) -> QuerySet[Article]:
    arrived = Article.objects.filter(run=run, arrived_at=at)
    arrived = arrived.filter(state=State.NEW, is_lead=True, touched_at=None)
    alone = arrived.filter(
        story__member_count=1, story__related_count=0, published_at__isnull=False
    )
    return alone.filter(is_backlog=False, file_state=State.NEW).select_related("story")


def _is_open(found: Suggestion) -> bool:
    return not found.is_same_piece and found.lead.state not in OUT


def _join(article: Article, found: Suggestion) -> list[Joined]:
    lead = found.lead
    try:
        with transaction.atomic():
            # The first of two arrivals may have taken the second along as its coverage.
            if Story.objects.get(members=article.pk).member_count > 1:
                return []
            attach(article, lead, SYSTEM, why=found.why)
            # Nobody chose that lead: a better one may still take over.
            Story.objects.filter(pk=lead.story_id).update(is_lead_chosen=lead.story.is_lead_chosen)
    except (ActRefused, NotPossible):
        return []
    return [Joined(article, lead)]
