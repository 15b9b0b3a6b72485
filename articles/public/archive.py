"""The archive: published stories by their publishers' own time, in the site's zone.

Nothing here counts more than a year; what years there are is asked of the index, year by year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, IntegerField, QuerySet, Subquery, Value, When
from django.utils import timezone

from ..models import Article, ArticleQuerySet, Edition, Falling
from .leads import lead_of
from .listing import Source, by_publication, published
from .prepared import Given, Prepared

LAST_YEAR = 9998
"""No day after it has an end that a database could store."""

_MONTHS, _MOST_DAYS = 12, 31
MOST_YEARS = 100
"""Years that the first page of the archive looks back; one odd date must not ask for thousands."""


# Both directions of the index; PostgreSQL knows it by no other order.
_RISING, _FALLING = F("published_at").asc(nulls_first=True), Falling("published_at")


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


def stories(within: Period, at: datetime) -> Source:
    """The published stories of a period."""
    return Source(_within, {"at": at, "first": within.first, "until": within.until})


def counted(within: Period, at: datetime) -> list[Period]:
    """The months of a year, or the days of a month, that have stories; one query."""
    parts = _parts(within)
    ends = {f"end_{n}": part.until for n, part in enumerate(parts)}
    values = {"at": at, "first": within.first, "until": within.until}
    # Every month as the longest: what is behind its end has no stories.
    longest = _MOST_DAYS if len(parts) > _MONTHS else _MONTHS
    ends |= {f"end_{n}": within.until for n in range(len(parts), longest)}
    counts: dict[int, int] = dict(map(tuple, _counts(len(ends)).rows(**values, **ends)))
    return [replace(part, stories=counts[n]) for n, part in enumerate(parts) if n in counts]


def years(at: datetime) -> list[Period]:
    """The years that have stories, newest first; two queries."""
    first, last = _ends(Article.objects.published(at).filter(published_at__isnull=False))
    if first is None or last is None:
        return []
    newest, oldest = timezone.localtime(last).year, timezone.localtime(first).year
    found = [period(year) for year in range(newest, max(oldest, newest - MOST_YEARS) - 1, -1)]
    # The first of each year in order, not merely any: databases then walk the index of times.
    firsts = _times(*(_within(at, one.first, one.until).order_by(_RISING) for one in found))
    return [one for one, first in zip(found, firsts, strict=True) if first]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest days with stories before and after a period."""

    before: date | None
    after: date | None


def neighbours(of: Period, at: datetime) -> Neighbours:
    """Where the archive goes on, in both directions; one query."""
    [(earlier, later)] = _NEIGHBOURS.rows(at=at, first=of.first, until=of.until)
    return Neighbours(_day(earlier), _day(later))


def read_ahead(at: datetime, most: int) -> None:
    """Read at once what the days of the archive ask one by one, of a site with no more than `most`
    stories; only within `sharing`."""
    days: dict[date, list[Sequence[Any]]] = {}
    for row in by_publication.rows_of(published(at), most) or ():
        if day := _day(lead_of(row).published_at):
            days.setdefault(day, []).append(row)
    last, first = ([lead_of(rows[n]).published_at for rows in days.values()] for n in (0, -1))
    # The newest day comes first, and so does the newest story of each.
    near = zip([*last[1:], None], [None, *first], strict=False)
    for (day, rows), ends in zip(days.items(), near, strict=False):
        if day.year <= LAST_YEAR:
            within = period(day.year, day.month, day.day)
            by_publication.know(stories(within, at), rows)
            _NEIGHBOURS.know([ends], at=at, first=within.first, until=within.until)


def _between(start: date, end: date) -> Period:
    zone = timezone.get_current_timezone()
    first, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (start, end))
    return Period(start, end, first, until)


def _ends(rows: ArticleQuerySet) -> Sequence[datetime | None]:
    return _times(rows.order_by(_RISING), rows.order_by(_FALLING))


def _times(*rows: QuerySet[Article]) -> tuple[datetime | None, ...]:
    """The first `published_at` of each, in one query."""
    return _firsts(*rows).get()


def _firsts(*rows: QuerySet[Article]) -> QuerySet[Edition, Any]:
    firsts = {f"first_{n}": Subquery(one.values("published_at")[:1]) for n, one in enumerate(rows)}
    return Edition.objects.filter(pk=0).annotate(**firsts).values_list(*firsts)


def _within(
    at: datetime | Given, first: datetime | Given, until: datetime | Given
) -> ArticleQuerySet:
    published = Article.objects.published(at)
    return published.filter(published_at__gte=first, published_at__lt=until)


def _neighbours() -> QuerySet[Edition, Any]:
    published = Article.objects.published(Given("at"))
    before = published.filter(published_at__lt=Given("first")).order_by(_FALLING)
    after = published.filter(published_at__gte=Given("until")).order_by(_RISING)
    return _firsts(before, after)


_NEIGHBOURS = Prepared(_neighbours)


@lru_cache(maxsize=32)
def _counts(parts: int) -> Prepared:
    """How many stories are in each of so many parts of a period."""

    def rows() -> QuerySet[Any, Any]:
        ends = [Given(f"end_{n}") for n in range(parts)]
        cases = [When(published_at__lt=end, then=Value(n)) for n, end in enumerate(ends)]
        place = Case(*cases, output_field=IntegerField())
        within = _within(Given("at"), Given("first"), Given("until")).annotate(place=place)
        return within.values_list("place").annotate(Count("pk")).order_by()

    return Prepared(rows)


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
