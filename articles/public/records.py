"""Pages about the site itself and its past: archive, corrections, how it works."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..ranking import EPOCH, HEAT_PER_RELATED, heat, rank
from . import archive, clock, corrections, listing
from .archive import Period
from .entries import LINES_IN_LISTS, entries
from .links import page
from .paging import here, listed
from .responses import for_readers

EXAMPLES = ((40, 0), (80, 0), (60, 2), (60, 5), (60, 20))
"""Quality of the lead and further reports, as the page about the ranking shows them."""


@for_readers
def archive_front(request: HttpRequest) -> HttpResponse:
    """The years that have stories, and the months of the newest."""
    years = archive.years(clock.of(request).at)
    context = {
        "years": years,
        "parts": _counted(request, years[0]) if years else [],
        "canonical": here(request),
    }
    return render(request, "public/archive.html", context)


@for_readers
def archive_year(request: HttpRequest, year: str) -> HttpResponse:
    """The months of a year."""
    return _parts(request, _period(year), "public/archive_year.html")


@for_readers
def archive_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """The days of a month."""
    return _parts(request, _period(year, month), "public/archive_month.html")


@for_readers
def archive_day(request: HttpRequest, year: str, month: str, day: str) -> HttpResponse:
    """The stories of a day, newest first."""
    at = clock.of(request).at
    within = _period(year, month, day)
    rows = archive.stories(within, at)
    articles, links = listed(request, listing.by_publication, rows)
    near = archive.neighbours(within, at)
    context = {
        "period": within,
        "begin": request.path,
        "entries": entries(articles, at),
        "earlier": _link("archive_day", near.before),
        "later": _link("archive_day", near.after),
        **links,
    }
    return render(request, "public/archive_day.html", context)


@for_readers
def about(request: HttpRequest) -> HttpResponse:
    """How stories get here and how they are ranked, in the numbers that the code uses."""
    half_life = settings.HALF_LIFE_HOURS
    context = {
        "canonical": here(request),
        "heat_per_related": HEAT_PER_RELATED,
        "half_life": int(half_life) if half_life == int(half_life) else half_life,
        "is_linked": settings.PICTURES == "linked",
        "is_reviewed": settings.COVERAGE == "reviewed",
        "unfolded": LINES_IN_LISTS,
        "examples": [_example(quality, reports) for quality, reports in EXAMPLES],
    }
    return render(request, "public/about.html", context)


@for_readers
def corrected(request: HttpRequest) -> HttpResponse:
    """What was put right, in the words of those who did."""
    found = corrections.newest(clock.of(request).at)
    context = {"corrections": found, "canonical": here(request)}
    return render(request, "public/corrections.html", context)


def _example(quality: int, reports: int) -> dict[str, float]:
    """What a story's heat is worth in hours, against one that nobody else reports."""
    half_life = settings.HALF_LIFE_HOURS
    score = heat(quality, reports, is_published=True)
    least = rank(heat(*EXAMPLES[0], is_published=True), EPOCH, half_life)
    hours = (rank(score, EPOCH, half_life) - least) * half_life
    return {"quality": quality, "reports": reports, "heat": score, "hours": hours}


def _period(*numbers: str) -> Period:
    try:
        return archive.period(*map(int, numbers))
    except (ValueError, OverflowError):
        raise Http404(_("No calendar has this date.")) from None


def _parts(request: HttpRequest, within: Period, template: str) -> HttpResponse:
    at = clock.of(request).at
    near = archive.neighbours(within, at)
    name = "archive_year" if template.endswith("year.html") else "archive_month"
    context = {
        "period": within,
        "parts": _counted(request, within),
        "earlier": _link(name, near.before),
        "later": _link(name, near.after),
        "canonical": here(request),
    }
    return render(request, template, context)


def _counted(request: HttpRequest, within: Period) -> list[Period]:
    """The parts of a period that have stories."""
    what = f"archive {within.start} {within.end}"
    found: list[Period] = clock.of(request).remembered(what, lambda at: archive.counted(within, at))
    return found


def _link(name: str, day: date | None) -> tuple[str, date] | None:
    """The address of a part of the archive that holds a day, and that day."""
    if day is None:
        return None
    numbers = {"archive_year": 1, "archive_month": 2, "archive_day": 3}[name]
    parts = [f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"]
    return page(name, *parts[:numbers]), day
