"""The card of a story that has no picture, for the sites that show one beside a link."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple, Protocol

from django.conf import settings

from providers.marks import HEX, colour, initials

from . import store
from .darkroom import Refused, draw

CARDS = "cards"
"""The folder of what was drawn; nobody is served it by name."""
DRAWN = 3
"""Grows when `drawing` draws otherwise."""


class Named(Protocol):
    """A provider, as far as a card names it."""

    @property
    def name(self) -> str: ...

    @property
    def domain(self) -> str: ...


class Card(NamedTuple):
    """What stands on a card; `colour` is that of the provider's mark, #rrggbb, `fonts` are the
    paths of those that have what the site's own lacks."""

    headline: str
    provider: str
    site: str
    mark: str
    colour: str
    fonts: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """Names what it shows: another headline has another address."""
        return blake2b(repr((DRAWN, *self)).encode(), digest_size=6).hexdigest()


def card_of(title: str, provider: Named) -> Card:
    """The card of a story with that headline of its lead, and its lead's provider."""
    name = provider.name or provider.domain
    mark = HEX[colour(provider.domain)]
    fonts = tuple(settings.CARD_FONTS)
    return Card(title, name, settings.SITE_NAME, initials(name), mark, fonts)


def drawn(card: Card, article: int) -> bytes | None:
    """The card as PNG, drawn once for the article of that id; None where it cannot be."""
    name = f"{CARDS}/{article}/{card.stamp}.png"
    with store.alone(card.stamp):
        if not store.has(name):
            try:
                store.put(name, draw(card._asdict()))
            except Refused:
                return None
        return store.read(name)


def forget(article: int) -> None:
    """Delete what was drawn for an article, under whatever headline."""
    for name in list(store.names(f"{CARDS}/{article}")):
        store.delete(name)
