"""What time it is for readers: what passes with the clock, and how long a cache may keep a page.

A *boundary* is a moment at which a page may change though nobody changes anything: a go-live, an
expiry, midnight in the site's zone (pages name the day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from ..models import Article, Edition
from ..states import State
from .prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Clock:
    """`edition` grows with every change; `passed` is the latest boundary, `next` the coming one."""

    at: datetime
    edition: int
    passed: datetime
    next: datetime

    @property
    def version(self) -> str:
        """The same as long as every page stays the same."""
        return f"{self.edition}.{self.passed.timestamp():.6f}"

    def lifetime(self, longest: int) -> int:
        """Seconds, at most `longest`, that a cache may keep what is shown now."""
        return max(0, min(longest, int((self.next - self.at).total_seconds())))


def of(request: HttpRequest) -> Clock:
    """The clock that a page for readers (`responses.for_readers`) was asked at."""
    clock: Clock = vars(request)["clock"]
    return clock


def read(at: datetime) -> Clock:
    """The clock at that time; one query, which walks no rows."""
    found = _NOW.rows(at=at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = timezone.make_aware(
        datetime.combine(midnight.date() + timedelta(days=1), datetime.min.time())
    )
    passed = [time for row in found for time in row[1:3] if time]
    coming = [time for row in found for time in row[3:] if time]
    return Clock(
        at,
        edition=sum(row[0] for row in found),
        passed=max([midnight, *passed]),
        next=min([tomorrow, *coming]),
    )


@dataclass(frozen=True, slots=True)
class _Boundaries:
    before: Subquery
    after: Subquery


def _rows() -> QuerySet[Edition, Any]:
    at = Given("at")
    live, expiry = _boundaries("go_live_at", at), _boundaries("expire_at", at)
    return Edition.objects.annotate(
        lived=live.before, expired=expiry.before, lives=live.after, expires=expiry.after
    ).values_list("number", "lived", "expired", "lives", "expires")


_NOW = Prepared(_rows)


def _boundaries(column: str, at: Given) -> _Boundaries:
    """The last time of a column until `at`, and the first one after it."""
    rows = Article.objects.filter(state=State.PUBLISHED)
    before = rows.filter(**{f"{column}__lte": at}).order_by(f"-{column}")
    after = rows.filter(**{f"{column}__gt": at}).order_by(column)
    return _Boundaries(_first(before, column), _first(after, column))


def _first(rows: QuerySet[Article], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1])
