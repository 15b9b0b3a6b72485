"""How much of an excerpt readers see."""

from __future__ import annotations

from typing import Protocol


class Limiting(Protocol):
    """A provider, as far as its policy limits excerpts."""

    @property
    def excerpt_limit(self) -> int | None: ...

    @property
    def is_link_only(self) -> bool: ...


class Excerpted(Protocol):
    """An article, as far as its excerpt is shown."""

    @property
    def excerpt(self) -> str | None: ...

    @property
    def provider(self) -> Limiting: ...


EXCERPT_IN_LISTS = 280
"""Characters of an excerpt under a headline in a list."""


def excerpt(article: Excerpted, characters: int | None = None) -> str:
    """The excerpt as far as the provider's policy lets readers see it, at most so many characters.

    `None`: as long as the policy lets it be. Cut between words, the ellipsis counted.
    """
    provider = article.provider
    text = " ".join((article.excerpt or "").split())
    limits = [limit for limit in (provider.excerpt_limit, characters) if limit is not None]
    if provider.is_link_only:
        return ""
    return _cut(text, min(limits)) if limits else text


def short_excerpt(article: Excerpted) -> str:
    """`excerpt` for a list."""
    return excerpt(article, EXCERPT_IN_LISTS)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    room = text[: limit - 1]
    whole_words = room if text[limit - 1].isspace() else room.rpartition(" ")[0]
    return (whole_words or room).rstrip(" ,;:.–-") + "…"
