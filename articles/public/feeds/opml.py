"""Which feeds there are, for OPML 2.0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from providers.models import Provider

from ...models import Article, Topic
from ..links import absolute
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
    stories = Article.objects.published(at)
    topics = Topic.objects.filter(Exists(stories.filter(topics=OuterRef("pk"))))
    providers = Provider.objects.filter(Exists(stories.filter(provider=OuterRef("pk"))))
    of_topics = [_outline(topic.name, "topic", topic.slug) for topic in topics]
    named = providers.defer("images")
    of_providers = [_outline(provider.name, "provider", provider.domain) for provider in named]
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
    feed = reverse(f"public:{kind}-feed", args=[key, "rss"])
    page = reverse(f"public:{kind}", args=[key])
    return Outline(clean(name), absolute(feed), absolute(page))
