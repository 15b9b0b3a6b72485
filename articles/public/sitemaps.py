"""Addresses for search engines: an index of parts, and what went live in the last two days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from providers.models import Provider

from ..models import Article, Topic
from . import archive, clock, directory
from .feeds.formats import clean
from .links import absolute, address, page
from .prepared import Given, Prepared
from .responses import by_content, for_readers

PART = 50_000
"""Addresses that a file may hold. A part holds the stories of so many ids in a row, so that what
goes live changes no part but its own."""

NEWS_HOURS = 48
NEWS_ITEMS = 1000
"""What search engines take of a news sitemap, the newest of it."""

_XML = "application/xml; charset=utf-8"
_LISTS = ("front", "latest", "topics", "providers", "archive", "corrections", "digests", "about")


@dataclass(frozen=True, slots=True)
class Place:
    """An address and when what stands there went live."""

    address: str
    at: str = ""
    title: str = ""


@for_readers
def index(request: HttpRequest) -> HttpResponse:
    """The parts, those without a story left out."""
    published = Article.objects.published(clock.of(request).at)
    parts = published.annotate(part=F("story_id") / PART).values_list("part")
    newest = parts.annotate(Max("go_live_at")).order_by("part")
    places = [Place(_absolute("sitemap-lists"))]
    places += [Place(_absolute("sitemap-stories", part), _time(at)) for part, at in newest]
    return render(request, "public/sitemap_index.xml", {"places": places}, content_type=_XML)


@for_readers
def stories(request: HttpRequest, part: int) -> HttpResponse:
    """The stories of one part."""
    first, beyond = part * PART, (part + 1) * PART
    rows = _STORIES.rows(at=clock.of(request).at, first=first, beyond=beyond)
    places = [Place(absolute(page("story", slug or stem)), _time(at)) for slug, stem, at in rows]
    if not places:
        raise Http404
    return _urls(request, places)


@for_readers
def lists(request: HttpRequest) -> HttpResponse:
    """The pages that list stories: the front page and the like, topics and providers."""
    at = clock.of(request).at
    topics, providers = _TOPICS.part(0, PART // 4, at=at), _PROVIDERS.part(0, PART // 2, at=at)
    years = archive.years(at)
    places = [
        *(_absolute(name) for name in _LISTS),
        *(_absolute("archive_year", f"{year.start.year:04}") for year in years),
        *(absolute(page("topic", slug)) for (slug,) in topics),
        *(absolute(page("provider", domain)) for (domain,) in providers),
    ]
    return _urls(request, map(Place, places))


@by_content
def news(request: HttpRequest) -> HttpResponse:
    """What went live in the last 48 hours."""
    at = clock.of(request).at
    recent = Article.objects.published(at).filter(go_live_at__gt=at - timedelta(hours=NEWS_HOURS))
    leads = recent.select_related("story").order_by("-go_live_at", "slug")
    needed = leads.only("slug", "title", "go_live_at", "story__slug")[:NEWS_ITEMS]
    places = [
        Place(absolute(address(lead)), _time(lead.go_live_at), clean(lead.title)) for lead in needed
    ]
    context = {"places": places, "name": clean(settings.SITE_NAME)}
    return render(request, "public/sitemap_news.xml", context, content_type=_XML)


def _urls(request: HttpRequest, places: Iterable[Place]) -> HttpResponse:
    return render(request, "public/sitemap.xml", {"places": places}, content_type=_XML)


def _absolute(name: str, *keys: object) -> str:
    return absolute(reverse(f"public:{name}", args=keys))


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _stories() -> QuerySet[Article, Any]:
    first, beyond = (Given(name, BigIntegerField()) for name in ("first", "beyond"))
    rows = Article.objects.published(Given("at")).filter(story__gte=first, story__lt=beyond)
    return rows.order_by("story_id").values_list("story__slug", "slug", "go_live_at")


def _topics() -> QuerySet[Topic, Any]:
    return directory.readable_topics(Given("at")).order_by("slug").values_list("slug")


def _providers() -> QuerySet[Provider, Any]:
    return directory.readable_providers(Given("at")).order_by("domain").values_list("domain")


_STORIES, _TOPICS, _PROVIDERS = Prepared(_stories), Prepared(_topics), Prepared(_providers)
