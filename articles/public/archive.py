"""The archive: published stories by their publishers' own time, in the site's zone.

Nothing here counts more than a year; what years there are is asked of the index, year by year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, Subquery, Value, When
from django.utils import timezone

from ..models import Article, ArticleQuerySet, Edition

LAST_YEAR = 9998
"""No day after it has an end that a database could store."""

MOST_YEARS = 100
"""Years that the first page of the archive looks back; one odd date must not ask for thousands."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a month or a day: from `first` until before `until`, whose day is `end`.

    `stories` where they were counted.
    """

    start: date
    end: date
    first: datetime
    until: datetime
    stories: int = 0


def period(year: int, month: int | None = None, day: int | None = None) -> Period:
    """The period of these numbers.

    Raises ValueError when no calendar has it, OverflowError at the ends of time.
    """
    start = date(year, 1 if month is None else month, 1 if day is None else day)
    if year > LAST_YEAR:
        raise ValueError(year)
    if day is not None:
        end = start + timedelta(days=1)
    elif month is not None:
        end = _next_month(start)
    else:
        end = date(year + 1, 1, 1)
    return _between(start, end)


def stories(within: Period, at: datetime) -> ArticleQuerySet:
    """The published stories of a period."""
    published = Article.objects.published(at)
    return published.filter(published_at__gte=within.first, published_at__lt=within.until)


def counted(within: Period, at: datetime) -> list[Period]:
    """The months of a year, or the days of a month, that have stories; one query."""
    parts = _parts(within)
    cases = [When(published_at__lt=part.until, then=Value(n)) for n, part in enumerate(parts)]
    place = Case(*cases, output_field=IntegerField())
    rows = stories(within, at).annotate(place=place).values_list("place")
    counts = Counter(dict(rows.annotate(Count("pk")).order_by()))
    return [replace(part, stories=counts[n]) for n, part in enumerate(parts) if counts[n]]


def years(at: datetime) -> list[Period]:
    """The years that have stories, newest first; two queries."""
    first, last = _ends(Article.objects.published(at).filter(published_at__isnull=False))
    if first is None or last is None:
        return []
    newest, oldest = timezone.localtime(last).year, timezone.localtime(first).year
    found = [period(year) for year in range(newest, max(oldest, newest - MOST_YEARS) - 1, -1)]
    # The first of each year in order, not merely any: databases then walk the index of times.
    firsts = _times(*(stories(one, at).order_by("published_at") for one in found))
    return [one for one, first in zip(found, firsts, strict=True) if first]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest days with stories before and after a period."""

    before: date | None
    after: date | None


def neighbours(of: Period, at: datetime) -> Neighbours:
    """Where the archive goes on, in both directions; one query."""
    published = Article.objects.published(at)
    before = published.filter(published_at__lt=of.first).order_by("-published_at")
    after = published.filter(published_at__gte=of.until).order_by("published_at")
    earlier, later = _times(before, after)
    return Neighbours(_day(earlier), _day(later))


def _between(start: date, end: date) -> Period:
    zone = timezone.get_current_timezone()
    first, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (start, end))
    return Period(start, end, first, until)


def _ends(rows: ArticleQuerySet) -> Sequence[datetime | None]:
    return _times(rows.order_by("published_at"), rows.order_by("-published_at"))


def _times(*rows: QuerySet[Article]) -> tuple[datetime | None, ...]:
    """The first `published_at` of each, in one query."""
    firsts = {f"first_{n}": Subquery(one.values("published_at")[:1]) for n, one in enumerate(rows)}
    return Edition.objects.filter(pk=0).annotate(**firsts).values_list(*firsts).get()


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def _parts(of: Period) -> list[Period]:
    is_year = of.end == date(of.start.year + 1, 1, 1) and of.start.month == 1
    parts, start = [], of.start
    while start < of.end:
        end = _next_month(start) if is_year else start + timedelta(days=1)
        parts.append(_between(start, end))
        start = end
    return parts


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
