"""Every address that is published for itself; the others are found by following links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from ..models import Article
from ..public import directory
from ..public.api.news import PAGE_SIZE
from ..public.feeds.formats import FORMATS
from ..public.sitemaps import PART

_FIXED = (
    "front",
    "latest",
    "topics",
    "providers",
    "archive",
    "about",
    "corrections",
    "digests",
    "search",
)
_FILES = ("sitemap", "sitemap-lists", "news-map", "robots", "security", "opml")


def seeds(at: datetime) -> Iterator[str]:
    """The addresses, as `reverse` gives them."""
    for name in (*_FIXED, "news", *_FILES):
        yield reverse(f"public:{name}")
    for suffix in FORMATS:
        yield reverse("public:feed", args=[suffix])
        yield reverse("public:corrections-feed", args=[suffix])
        yield reverse("public:digests-feed", args=[suffix])
    yield from _parts(at)
    topics = directory.readable_topics(at)
    for slug in topics.values_list("slug", flat=True):
        yield from _named("topic", slug)
        yield from _pages(Article.objects.published(at).filter(topics__slug=slug).count(), slug)
    providers = directory.readable_providers(at)
    for domain in providers.values_list("domain", flat=True):
        yield from _named("provider", domain)
    yield from _pages(Article.objects.published(at).count())
    for slug, stem in _stories(at):
        yield _story(slug)
        yield _item(stem)


def _named(kind: str, key: str) -> Iterator[str]:
    yield reverse(f"public:{kind}", args=[key])
    for suffix in FORMATS:
        yield reverse(f"public:{kind}-feed", args=[key, suffix])


def _pages(items: int, topic: str = "") -> Iterator[str]:
    """The JSON that existing readers consume, page by page."""
    name, keys = ("api-news-topic", [topic]) if topic else ("api-news-page", [])
    first = reverse("public:api-news-under", args=[topic]) if topic else reverse("public:api-news")
    yield first
    for page in range(1, max(1, -(-items // PAGE_SIZE)) + 1):
        yield reverse(f"public:{name}", args=[*keys, page])


def _parts(at: datetime) -> Iterator[str]:
    """The parts of the sitemap."""
    stories = Article.objects.published(at).values_list("story_id", flat=True)
    for part in sorted({story // PART for story in stories}):
        yield reverse("public:sitemap-stories", args=[part])


def _stories(at: datetime) -> list[tuple[str, str]]:
    """(address, stem of the lead) of every published story."""
    rows = Article.objects.published(at).values_list("story__slug", "slug")
    return [(slug or stem, stem) for slug, stem in rows]


def _story(slug: str) -> str:
    return reverse("public:story", args=[slug])


def _item(stem: str) -> str:
    return reverse("public:api-news-under", args=[stem])
