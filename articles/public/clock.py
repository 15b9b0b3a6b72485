"""What time it is for readers: what passes with the clock, and how long a cache may keep a page.

A *boundary* is a moment at which a page may change though nobody changes anything: a go-live, an
expiry, the end of what an editor said of a story's place, midnight in the site's zone (pages name
the day).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db import connections
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from ..models import Article, Edition, Placement
from ..states import State
from . import replica
from .prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Clock:
    """`edition` grows with every change; `passed` is the latest boundary, `next` the coming one.

    `is_placed`: editors have given stories places that hold now (`articles.stories.placing`).
    """

    at: datetime
    edition: int
    passed: datetime
    next: datetime
    is_placed: bool = False

    @property
    def version(self) -> str:
        """The same as long as every page stays the same."""
        return f"{self.edition}.{self.passed.timestamp():.6f}"

    def remembered(self, what: str, count: Callable[[datetime], Any]) -> Any:
        """What was counted for this version, by this process; nobody may change it.

        For what takes long over many stories, and is the same for as long as the page it is for.
        """
        version, found = _counts.get(what, ("", None))
        if version != self.version:
            if len(_counts) >= MOST_COUNTS:
                _counts.clear()
            found = count(self.at)
            _counts[what] = self.version, found
        return found

    def lifetime(self, longest: int) -> int:
        """Seconds, at most `longest`, that a cache may keep what is shown now."""
        return max(0, min(longest, int((self.next - self.at).total_seconds())))


def of(request: HttpRequest) -> Clock:
    """The clock that a page for readers (`responses.for_readers`) was asked at."""
    clock: Clock = vars(request)["clock"]
    return clock


def give(request: HttpRequest, now: Clock) -> None:
    """Ask a page at this clock instead of now: a whole site is published as of one moment."""
    vars(request)["clock"] = now


def is_given(request: HttpRequest) -> bool:
    """Whether a page is to be asked at a clock that was given."""
    return "clock" in vars(request)


def read(at: datetime) -> Clock:
    """The clock at that time; one query, which walks no rows."""
    now = _last[_place()] = _read(at)
    return now


def reread(at: datetime) -> Clock:
    """As `read`, by a shorter query when nothing has changed since; by two when something has."""
    known = _last.get(_place())
    if known and known.passed <= at < known.next and _is_still(known.edition):
        return replace(known, at=at)
    return read(at)


def _place() -> tuple[str, tzinfo]:
    return replica.alias(), timezone.get_current_timezone()


_last: dict[tuple[str, tzinfo], Clock] = {}
"""The clock as it was read last, by database and zone: true until an edition or a boundary."""


def _is_still(edition: int) -> bool:
    """Whether nothing has changed since that one, which every answer that is kept depends on."""
    summed = f"SELECT COALESCE(SUM(number), -1) FROM {Edition._meta.db_table}"
    with connections[replica.alias()].cursor() as cursor:
        # SQLite lets other threads go on at each step and waits for them: no row takes fewest.
        cursor.execute(f"SELECT 1 WHERE {edition} <> ({summed})")
        return cursor.fetchone() is None


def _read(at: datetime) -> Clock:
    found = _NOW.rows(at=at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = timezone.make_aware(
        datetime.combine(midnight.date() + timedelta(days=1), datetime.min.time())
    )
    passed = [time for row in found for time in row[1:4] if time]
    coming = [time for row in found for time in row[4:] if time]
    return Clock(
        at,
        edition=sum(row[0] for row in found),
        passed=max([midnight, *passed]),
        next=min([tomorrow, *coming]),
        is_placed=any(row[_PLACED] for row in found),
    )


MOST_COUNTS = 100
_counts: dict[str, tuple[str, Any]] = {}


def forget() -> None:
    """Count anew, for another database: the versions of two may be the same."""
    _counts.clear()
    _last.clear()


@dataclass(frozen=True, slots=True)
class _Boundaries:
    before: Subquery
    after: Subquery


def _rows() -> QuerySet[Edition, Any]:
    at = Given("at")
    live = Article.objects.filter(state=State.PUBLISHED)
    moments = {
        "lives": _boundaries(live, "go_live_at", at),
        "expires": _boundaries(live, "expire_at", at),
        "ends": _boundaries(Placement.objects.all(), "ends_at", at),
    }
    passed = {f"passed_{name}": moment.before for name, moment in moments.items()}
    coming = {f"coming_{name}": moment.after for name, moment in moments.items()}
    rows = Edition.objects.annotate(**passed, **coming)
    return rows.values_list("number", *passed, *coming)


_NOW = Prepared(_rows)
_PLACED = 6
"""Where a row tells of the first placement that has not ended."""


def _boundaries(rows: QuerySet[Any], column: str, at: Given) -> _Boundaries:
    """The last time of a column until `at`, and the first one after it."""
    before = rows.filter(**{f"{column}__lte": at}).order_by(f"-{column}")
    after = rows.filter(**{f"{column}__gt": at}).order_by(column)
    return _Boundaries(_first(before, column), _first(after, column))


def _first(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1])
