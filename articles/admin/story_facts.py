"""What the page of a story tells: who reported first, whose pieces it is made of, its past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..models import Article, RelatedItem, Story, Transition
from . import cells
from .timeline import Entry, entry_of

ACTS = 40
"""Newest acts that the page lists."""


@dataclass(frozen=True)
class Report:
    """One report of the event; `after`: how long after the first one."""

    at: datetime
    title: str
    provider: str
    after: str
    article: int | None = None


@dataclass(frozen=True)
class Share:
    """How many of a story's reports are a provider's; `percent` is rounded."""

    provider: str
    count: int
    percent: int


def reports(members: Iterable[Article], items: Iterable[RelatedItem]) -> list[Report]:
    """All reports that have a time, the first one first."""
    known = [(row.published_at, row.title, row.provider.name, row.pk) for row in members] + [
        (item.published_at, item.title, _publisher(item), None) for item in items
    ]
    timed = sorted(
        ((at, title, provider, pk) for at, title, provider, pk in known if at is not None),
        key=lambda row: (row[0], row[1]),
    )
    return [
        Report(at, title, provider, _later(at - timed[0][0]) if number else "", pk)
        for number, (at, title, provider, pk) in enumerate(timed)
    ]


def shares(members: Sequence[Article], items: Sequence[RelatedItem]) -> list[Share]:
    """Every provider with its part of the reports, the largest first."""
    counted = Counter([row.provider.name for row in members] + [_publisher(item) for item in items])
    total = counted.total()
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [Share(name, count, round(100 * count / total)) for name, count in ordered]


def acts(story: Story) -> list[tuple[Entry, str]]:
    """The newest acts on any member, each with the title of its article; one query."""
    found = Transition.objects.filter(article__story=story).select_related(
        "article", "actor", "run"
    )
    unread = ("before", "article__body", "article__embed", "run__report")
    return [(entry_of(act), act.article.title) for act in found.defer(*unread)[:ACTS]]


def _publisher(item: RelatedItem) -> str:
    return item.provider_name or item.provider_domain or cells.DASH


def _later(time: timedelta) -> str:
    """`+ 5 min`, `+ 3 h 20 min`, `+ 2 d 4 h`."""
    minutes = int(time.total_seconds()) // 60
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"+ {days} d {hours % 24} h"
    if hours:
        return f"+ {hours} h {minutes % 60} min"
    return f"+ {minutes} min"


def context(
    story: Story, members: Sequence[Article], items: Sequence[RelatedItem]
) -> dict[str, Any]:
    """All of it; one query."""
    return {
        "reports": reports(members, items),
        "shares": shares(members, items),
        "acts": acts(story),
    }
