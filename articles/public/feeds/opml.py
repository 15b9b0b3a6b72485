"""Which feeds there are, for OPML 2.0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from providers.models import Provider

from ...models import Article, Topic
from ..links import absolute, page
from ..prepared import Given, Prepared
from .formats import clean


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed: its title, its address (RSS) and the page it is a feed of, both absolute."""

    text: str
    feed: str
    page: str


Group = tuple[str, list[Outline]]


def groups(at: datetime) -> list[Group]:
    """The feeds that have something in them, under the names of their kinds; two queries."""
    of_topics = [_outline(name, "topic", slug) for name, slug in _TOPICS.rows(at=at)]
    of_providers = [_outline(name, "provider", domain) for name, domain in _PROVIDERS.rows(at=at)]
    site = Outline(
        clean(settings.SITE_NAME),
        absolute(reverse("public:feed", args=["rss"])),
        absolute(reverse("public:latest")),
    )
    corrections = Outline(
        _("Corrections"),
        absolute(reverse("public:corrections-feed", args=["rss"])),
        absolute(reverse("public:corrections")),
    )
    digests = Outline(
        _("Digests"),
        absolute(reverse("public:digests-feed", args=["rss"])),
        absolute(reverse("public:digests")),
    )
    return [
        (_("All stories"), [site, digests, corrections]),
        (_("Topics"), of_topics),
        (_("Providers"), of_providers),
    ]


def _outline(name: str, kind: str, key: str) -> Outline:
    feed, home = page(f"{kind}-feed", key, "rss"), page(kind, key)
    return Outline(clean(name), absolute(feed), absolute(home))


def _topics() -> QuerySet[Topic, Any]:
    own = Article.objects.published(Given("at")).filter(topics=OuterRef("pk"))
    return Topic.objects.filter(Exists(own)).values_list("name", "slug")


def _providers() -> QuerySet[Provider, Any]:
    own = Article.objects.published(Given("at")).filter(provider=OuterRef("pk"))
    return Provider.objects.filter(Exists(own)).values_list("name", "domain")


_TOPICS, _PROVIDERS = Prepared(_topics), Prepared(_providers)
