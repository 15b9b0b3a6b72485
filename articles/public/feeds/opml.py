"""Which feeds there are, for OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import directory
from ..directory import Branch
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
    """The feeds that have something in them, under the names of their kinds; four queries."""
    topics = [
        _outline(branch.topic.name, "topic", branch.topic.slug)
        for branch in _every(directory.topic_tree(at))
        if branch.stories
    ]
    leading = [row.provider for row in directory.standings(at) if row.led]
    providers = [_outline(provider.name, "provider", provider.domain) for provider in leading]
    site = Outline(
        clean(settings.SITE_NAME),
        absolute(reverse("public:feed", args=["rss"])),
        absolute(reverse("public:latest")),
    )
    return [(_("All stories"), [site]), (_("Topics"), topics), (_("Providers"), providers)]


def _outline(name: str, kind: str, key: str) -> Outline:
    feed = reverse(f"public:{kind}-feed", args=[key, "rss"])
    page = reverse(f"public:{kind}", args=[key])
    return Outline(clean(name), absolute(feed), absolute(page))


def _every(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _every(branch.children)
