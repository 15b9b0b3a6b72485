"""What items of feeds are made of: published stories, and corrections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from ...models import ArticleQuerySet
from ..corrections import Correction
from ..entries import Entry, entries
from ..excerpts import excerpt
from ..links import absolute, http_link
from .formats import Item

ITEMS = 50
"""Stories in a feed: more than go live between two visits of a patient poller."""

_UNSEEN = ("body", "embed", "images", "provider_images", "warnings", "provider__images")


def newest(stories: ArticleQuerySet, at: datetime) -> list[Item]:
    """The newest of these published leads, in the order of `/latest/`.

    By going live: a piece that was approved late comes on top for who has seen the rest.
    """
    rows = stories.order_by("-go_live_at", "slug").select_related("provider", "story")
    return [_item(entry, at) for entry in entries(list(rows.defer(*_UNSEEN)[:ITEMS]), at)]


def of_corrections(found: Iterable[Correction]) -> list[Item]:
    """What was put right, each at its place on the page about it."""
    page = absolute(reverse("public:corrections"))
    return [_correction(one, f"{page}#correction-{one.id}") for one in found]


def _correction(one: Correction, address: str) -> Item:
    withdrawn = _("A story was withdrawn")
    return Item(
        address=address,
        link=absolute(one.address) if one.address else address,
        title=withdrawn if one.is_withdrawal else one.title,
        html=linebreaks(one.note, autoescape=True),
        summary=one.note,
        at=one.at,
    )


def _item(entry: Entry, at: datetime) -> Item:
    lead, provider = entry.article, entry.article.provider
    address = absolute(entry.address)
    return Item(
        address=address,
        link=http_link(lead.link) or address,
        title=lead.title,
        html=render_to_string("public/feed_item.html", {"entry": entry, "address": address}),
        summary=excerpt(lead),
        at=lead.go_live_at or at,
        author=provider.name or provider.domain,
        author_link=f"https://{provider.domain}/",
        tags=[topic.name for topic in entry.topics],
    )
