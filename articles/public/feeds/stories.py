"""What items of feeds are made of: published stories, and corrections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from ...images.recipe import LOGOS
from ..corrections import Correction
from ..entries import Entry, entries
from ..excerpts import excerpt
from ..links import absolute, http_link
from ..listing import Listed, latest
from ..pictures import Kept, Marked, logo_of
from .formats import Item

ITEMS = 50
"""Stories in a feed: more than go live between two visits of a patient poller."""


def newest(stories: Listed, at: datetime) -> list[Item]:
    """The newest of these published leads, in the order of `/latest/`.

    By going live: a piece that was approved late comes on top for who has seen the rest.
    """
    return [_item(entry, at) for entry in entries(latest.first(stories, ITEMS), at)]


def of_corrections(found: Iterable[Correction]) -> list[Item]:
    """What was put right, each at its place on the page about it."""
    page = absolute(reverse("public:corrections"))
    return [_correction(one, f"{page}#correction-{one.id}") for one in found]


def face_of(provider: Marked) -> str:
    """The address of a provider's logo as a PNG, absolute; empty where none is kept."""
    logo = logo_of(provider.logo, LOGOS[1], "png")
    return absolute(logo) if logo else ""


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
    if Item not in entry.pieces:
        entry.pieces[Item] = _new(entry, at)
    item: Item = entry.pieces[Item]
    return item


def _new(entry: Entry, at: datetime) -> Item:
    lead, provider = entry.article, entry.article.provider
    address, face = absolute(entry.address), face_of(provider)
    beside = {"entry": entry, "address": address, "face": face}
    return Item(
        address=address,
        link=http_link(lead.link) or address,
        title=lead.title,
        html=render_to_string("public/feed_item.html", beside),
        summary=excerpt(lead),
        at=lead.go_live_at or at,
        author=provider.name or provider.domain,
        author_link=f"https://{provider.domain}/",
        author_image=face,
        tags=[topic.name for topic in entry.topics],
        image=absolute(entry.picture.social) if isinstance(entry.picture, Kept) else "",
    )
