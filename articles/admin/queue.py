"""What waits for a decision, and in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import (
    LEFT_READERS,
    QUEUE_DAYS,
    TAKEN_OFF,
    UNDECIDED,
    WAITING,
    Article,
    Falling,
)
from ..states import State

SHELVES = {
    "queue": "Queue",
    "backlog": "Backlog",
    "approved": "Approved",
    "live": "Live",
    "back": "Sent back",
    "off": "Taken off",
    "all": "All",
}
"""Names of the shelves of the article list and what editors read."""

EMPTY = {
    "queue": f"The queue is clear: whatever arrived in the last {QUEUE_DAYS} days is decided.",
    "backlog": "Nothing older waits for a decision.",
    "approved": "Nothing approved waits to be published.",
    "live": "Nothing is published.",
    "back": "Nothing was sent back.",
    "off": "Nothing was unpublished, spiked or withdrawn.",
    "all": "No article came in yet.",
}
"""What a shelf says when nothing lies on it."""

SHORT = {"queue"}
"""Shelves that people clear, however large the archive is."""


def left_without_lead() -> Q:
    """Leads that left readers while other members of their story could take over."""
    others = Article.objects.filter(
        story=OuterRef("story"), state__in=[State.NEW, State.IN_REVIEW, State.APPROVED]
    )
    return LEFT_READERS & Q(Exists(others))


def on_shelf(articles: QuerySet[Article], shelf: str) -> QuerySet[Article]:
    """The articles that lie on one of SHELVES; all of them for a name that is none."""
    since = timezone.now() - timedelta(days=QUEUE_DAYS)
    conditions = {
        "queue": WAITING & Q(arrived_at__gte=since),
        "backlog": UNDECIDED & (Q(is_backlog=True) | Q(arrived_at__lt=since)),
        "approved": Q(state__lower=State.APPROVED),
        "live": Q(state=State.PUBLISHED),
        "back": Q(state__lower=State.CHANGES_REQUESTED),
        "off": TAKEN_OFF,
    }
    return articles.filter(conditions.get(shelf, Q()))


def ordering(shelf: str) -> list[Any]:
    """Would-publish first, then heat, then newest; what is live: newest on the site first.

    Plain columns, as the indexes have them: the heat of a story that is not published is the
    quality of its lead (FORMAT.md).
    """
    if shelf in ("queue", "backlog"):
        return ["-is_above_bar", Falling("quality"), Falling("published_at"), "-pk"]
    if shelf == "live":
        return ["-go_live_at", "slug"]
    return [Falling("published_at"), "-pk"]
