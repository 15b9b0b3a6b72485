"""What waits for a decision, and in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from ..models import Article
from ..states import State

QUALITY_ALONE = 70
QUALITY_WITH_COVERAGE = 50
"""The bar at which the machine publishes a lead (FORMAT.md, "How stories show in the files")."""

QUEUE_DAYS = 14

UNDECIDED = Q(state__in=[State.NEW, State.IN_REVIEW], is_lead=True)

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


def would_publish() -> Q:
    """Leads above the bar, as a condition on articles."""
    covered = Q(story__member_count__gt=1) | Q(story__related_count__gt=0)
    return Q(quality__gte=QUALITY_ALONE) | Q(quality__gte=QUALITY_WITH_COVERAGE) & covered


def is_above_bar(article: Article) -> bool:
    """`would_publish` for an article in hand, its story loaded."""
    quality = article.quality or 0
    covered = article.story.member_count > 1 or article.story.related_count > 0
    return quality >= (QUALITY_WITH_COVERAGE if covered else QUALITY_ALONE)


def on_shelf(articles: QuerySet[Article], shelf: str) -> QuerySet[Article]:
    """The articles that lie on one of SHELVES; all of them for a name that is none."""
    fresh = Q(arrived_at__gte=timezone.now() - timedelta(days=QUEUE_DAYS))
    conditions = {
        "queue": UNDECIDED & fresh,
        "backlog": UNDECIDED & ~fresh,
        "approved": Q(state=State.APPROVED),
        "live": Q(state=State.PUBLISHED),
        "back": Q(state=State.CHANGES_REQUESTED),
        "off": Q(state__in=[State.UNPUBLISHED, State.SPIKED, State.WITHDRAWN]),
    }
    return articles.filter(conditions.get(shelf, Q()))


def ordering(shelf: str) -> list[Any]:
    """Would-publish first, then heat, then newest; what was decided: newest decision first."""
    newest = F("published_at").desc(nulls_last=True)
    if shelf in ("queue", "backlog"):
        bar = Case(When(would_publish(), then=Value(1)), default=Value(0))
        return [bar.desc(), F("heat").desc(nulls_last=True), newest]
    if shelf == "live":
        return [F("go_live_at").desc(nulls_last=True)]
    return [newest]
