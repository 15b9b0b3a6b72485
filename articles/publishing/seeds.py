"""Every address that is published for itself; the others are found by following links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from ..models import Article, ArticleTopic, FormerStem
from ..public import directory
from ..public.api.news import PAGE_SIZE
from ..public.feeds.formats import FORMATS
from ..public.links import page
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
    counts = _counts(at)
    for pk, slug in directory.readable_topics(at).values_list("pk", "slug"):
        yield from _named("topic", slug)
        yield from _pages(counts.get(pk, 0), slug)
    providers = directory.readable_providers(at)
    for domain in providers.values_list("domain", flat=True):
        yield from _named("provider", domain)
    yield from _pages(Article.objects.published(at).count())
    for slug, stem in _stories(at):
        yield _story(slug)
        yield _item(stem)
    for stem in _former(at):
        yield _story(stem)
        yield _item(stem)


def _counts(at: datetime) -> dict[int, int]:
    """How many published stories each topic has, by its id."""
    places = ArticleTopic.objects.filter(article__in=Article.objects.published(at).values("pk"))
    return dict(places.values_list("topic").annotate(Count("pk")).order_by())


def _former(at: datetime) -> list[str]:
    """The stems that files of published stories had before they were renamed."""
    published = Article.objects.published(at).values("story")
    rows = FormerStem.objects.filter(article__story__in=published)
    return list(rows.order_by("slug").values_list("slug", flat=True))


def _named(kind: str, key: str) -> Iterator[str]:
    yield page(kind, key)
    for suffix in FORMATS:
        yield page(f"{kind}-feed", key, suffix)


def _pages(items: int, topic: str = "") -> Iterator[str]:
    """The JSON that existing readers consume, page by page."""
    name, keys = ("api-news-topic", [topic]) if topic else ("api-news-page", [])
    first = reverse("public:api-news-under", args=[topic]) if topic else reverse("public:api-news")
    yield first
    for number in range(1, max(1, -(-items // PAGE_SIZE)) + 1):
        yield page(name, *keys, str(number))


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
    return page("story", slug)


def _item(stem: str) -> str:
    return page("api-news-under", stem)
