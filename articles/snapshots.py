"""How the front page stood: remembered when it changed, at most once a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from .models import Article, FrontSnapshot, Placement, Story
from .ranking import in_order

DEPTH = 50
"""Stories that a snapshot holds: the first two pages."""

PAUSE = timedelta(minutes=1)


def running(at: datetime) -> QuerySet[Placement]:
    """The placements of that time, the older first."""
    found = Placement.objects.filter(begins_at__lte=at, ends_at__gt=at)
    return found.order_by("begins_at", "pk")


def order(at: datetime) -> list[list[Any]]:
    """The front page from its top down, as `FrontSnapshot.order` has it; three queries."""
    placements = {one.story_id: one for one in running(at)}
    published = Article.objects.published(at).filter(story__rank__isnull=False)
    leads = published.filter(story=OuterRef("pk"))
    ranks = Story.objects.filter(Exists(leads), rank__isnull=False)
    # The walk through the ranks ends with the first few: databases would rather sort them all.
    first = ranks.exclude(pk__in=placements).order_by("-rank", "pk").values("pk")[:DEPTH]
    columns = ("story__rank", "story", "pk", "story__heat")
    plain = published.filter(story__in=first).values_list(*columns)
    placed = published.filter(story__in=placements).values_list(*columns)
    moved, pinned = [], []
    for rank, story, pk, heat in placed:
        one = placements[story]
        row = [story, pk, heat, round(rank + one.shift, 6), one.kind]
        if one.place is None:
            moved.append((rank + one.shift, story, row))
        else:
            pinned.append((list(placements).index(story), one.place, row))
    rows = [(rank, story, [story, pk, heat, round(rank, 6), ""]) for rank, story, pk, heat in plain]
    pins = [(place, row) for _, place, row in sorted(pinned, key=lambda pin: pin[0])]
    return in_order(rows, moved, pins)[:DEPTH]


def remember(at: datetime) -> bool:
    """Keep how it stands, if that is another order than the last one and a minute has passed."""
    last = FrontSnapshot.objects.first()
    if last is not None and at - last.at < PAUSE:
        return False
    now = order(at)
    if last is not None and last.order == now:
        return False
    FrontSnapshot.objects.create(at=at, order=now)
    if days := settings.KEEP_SNAPSHOT_DAYS:
        FrontSnapshot.objects.filter(at__lt=at - timedelta(days=days)).delete()
    return True


def remember_soon() -> None:
    """`remember`, once the transaction at hand is in force; nothing fails with it."""
    transaction.on_commit(_remember_now, robust=True)


def _remember_now() -> None:
    remember(timezone.now())


def at_moment(at: datetime) -> FrontSnapshot | None:
    """The last snapshot until then."""
    return FrontSnapshot.objects.filter(at__lte=at).first()
