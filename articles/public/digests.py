"""The day's digest: a page, its forms for mail, and a feed of those that are closed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..digests import MOST, stories_of
from ..models import Article, Digest, DigestItem
from . import clock
from .entries import Entry, entries
from .feeds.formats import Feed, Item
from .feeds.views import answer
from .leads import leads
from .links import absolute
from .paging import here
from .responses import for_readers

LISTED = 60
"""Digests on their page."""

IN_FEED = 10

FORMS = {
    "mail.html": "text/html; charset=utf-8",
    "mail.txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A story in a digest, with the editor's comment."""

    entry: Entry
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's digest as readers see it; `digest` when an editor closed one."""

    date: date
    places: list[Place]
    digest: Digest | None = None

    @property
    def introduction(self) -> str:
        return self.digest.introduction if self.digest else ""

    @property
    def address(self) -> str:
        return reverse("public:digest", args=[f"{self.date:%Y-%m-%d}"])


@for_readers
def digests(request: HttpRequest) -> HttpResponse:
    """The latest digests."""
    at = clock.of(request).at
    closed = Digest.objects.filter(closed_at__lte=at).order_by("-day")[:LISTED]
    context = {
        "digests": closed,
        "today": timezone.localdate(at),
        "canonical": here(request),
    }
    return render(request, "public/digests.html", context)


@for_readers
def digest(request: HttpRequest, day: str) -> HttpResponse:
    """The stories of a day."""
    found = _day(day, clock.of(request).at)
    context = {
        "day": found,
        "entries": [place.entry for place in found.places],
        "forms": [reverse("public:digest-form", args=[day, form]) for form in FORMS],
        "canonical": here(request),
    }
    return render(request, "public/digest.html", context)


@for_readers
def for_mail(request: HttpRequest, day: str, form: str) -> HttpResponse:
    """The same for a mail: tables without scripts, or plain text. Sending is another's work."""
    found = _day(day, clock.of(request).at)
    context = {
        "day": found,
        "places": [(place, absolute(place.entry.address)) for place in found.places],
        "address": absolute(found.address),
    }
    return render(request, f"public/digest_{form}", context, content_type=FORMS[form])


@for_readers
def feed(request: HttpRequest, suffix: str) -> HttpResponse:
    """The digests that editors closed, newest first."""
    at = clock.of(request).at
    digests = Digest.objects.filter(closed_at__lte=at).order_by("-closed_at", "-day")
    names = {"site": settings.SITE_NAME}
    title = _("Digests · %(site)s") % names
    description = _("The day’s stories of %(site)s.") % names
    rows = DigestItem.objects.filter(digest__in=digests.values("pk")[:IN_FEED])
    found = list(rows.select_related("digest").order_by("position", "pk"))
    closed = {row.digest_id: row.digest for row in found}
    places = _places(found, at)
    newest = sorted(closed.values(), key=lambda row: (row.closed_at, row.day), reverse=True)
    items = [_item(Day(row.day, places[row.pk], row)) for row in newest]
    home, own = absolute(reverse("public:digests")), absolute(request.path)
    return answer(suffix, Feed(title, description, home, own, items))


def _item(day: Day) -> Item:
    address = absolute(day.address)
    context = {
        "day": day,
        "places": [(place, absolute(place.entry.address)) for place in day.places],
    }
    closed_at = day.digest.closed_at if day.digest else None
    return Item(
        address=address,
        link=address,
        title=_("Digest of %(day)s") % {"day": date_format(day.date, "j F Y")},
        html=render_to_string("public/digest_item.html", context),
        summary=day.introduction,
        at=closed_at or datetime.combine(day.date, datetime.min.time(), UTC),
    )


def _day(text: str, at: datetime) -> Day:
    """The digest of a day, in the editor's order once it is closed; raises Http404."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404(_("No calendar has this date.")) from None
    if not date.min < day <= timezone.localdate(at):
        raise Http404(_("There is no digest of this day yet."))
    items = DigestItem.objects.filter(digest__day=day, digest__closed_at__lte=at)
    if found := list(items.select_related("digest").order_by("position", "pk")):
        return Day(day, _places(found, at)[found[0].digest_id], found[0].digest)
    found_leads = leads(stories_of(day, at)[:MOST])
    return Day(day, [Place(entry) for entry in entries(found_leads, at)])


def _places(items: list[DigestItem], at: datetime) -> dict[int, list[Place]]:
    """What readers may see of these items, by digest; three or four queries."""
    rows = Article.objects.published(at).filter(story__among=[item.story_id for item in items])
    found = {entry.article.story_id: entry for entry in entries(leads(rows), at)}
    places: dict[int, list[Place]] = defaultdict(list)
    for item in items:
        if entry := found.get(item.story_id):
            places[item.digest_id].append(Place(entry, item.comment))
    return places
