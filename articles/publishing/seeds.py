"""Every address that is published for itself; the others are found by following links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain

from django.urls import reverse

from ..models import Article, FormerStem
from ..public.api.news import PAGE_SIZE
from ..public.feeds.formats import FORMATS
from ..public.links import page
from ..public.sitemaps import PART
from .touched import Standing, folder_for, key_of, kind_of

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


def seeds(standing: Standing, untouched: Collection[str], at: datetime) -> Iterator[str]:
    """The addresses, as `reverse` gives them; those in `untouched` folders are left out."""
    for name in (*_FIXED, "news", *_FILES):
        yield reverse(f"public:{name}")
    for suffix in FORMATS:
        yield reverse("public:feed", args=[suffix])
        yield reverse("public:corrections-feed", args=[suffix])
        yield reverse("public:digests-feed", args=[suffix])
    yield from _parts(at)
    yield from _pages(len(standing.stories))
    yield from _lists(standing, untouched)
    for folders in standing.stories.values():
        for folder in folders[:2]:
            if folder not in untouched:
                yield page(kind_of(folder), key_of(folder))
    for stem in _former(at):
        yield page("story", stem)
        yield page("api-news-under", stem)


def _lists(standing: Standing, untouched: Collection[str]) -> Iterator[str]:
    """The lists of topics and providers, in each form."""
    stories = Counter(chain.from_iterable(standing.stories.values()))
    for folder in standing.names:
        kind, key = kind_of(folder), key_of(folder)
        if folder not in untouched:
            yield from _named(kind, key)
        if kind == "topic" and folder_for("api-news-under", key) not in untouched:
            yield from _pages(stories[folder], key)


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
