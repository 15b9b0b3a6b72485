"""A published article as existing readers of this format decode it (FORMAT.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..excerpts import excerpt
from ..leads import Publisher
from ..links import http_link

Item = dict[str, Any]
LOCALE = "en-us"
"""What existing sites say of every article, whatever its language."""


class Piece(NamedTuple):
    """What an item is made of, under the same names as `Article` has it."""

    pk: int
    slug: str
    title: str
    excerpt: str | None
    web_url: str | None
    original_url: str | None
    embed: str | None
    heat: int | None
    images: list[Item] | None
    body: str
    type: str | None
    amp_url: str | None
    cdn_amp_url: str | None
    published_at: datetime | None
    updated_at: datetime | None
    category: str | None
    state_acted_at: datetime | None
    provider_name: str | None
    provider_domain: str | None
    provider_images: list[Item] | None
    story_heat: int
    provider: Publisher


_OWN = Piece._fields[: Piece._fields.index("story_heat")]
COLUMNS = (*_OWN, "story__heat", *(f"provider__{name}" for name in Publisher._fields))


def piece_of(row: Sequence[Any]) -> Piece:
    """The article that COLUMNS were selected of."""
    own = len(_OWN) + 1
    return Piece._make((*row[:own], Publisher._make(row[own:])))


def item(article: Piece, topics: Sequence[str]) -> Item:
    """The item of an article; keys in the order of FORMAT.md.

    Provider and heat are the file's. What the provider's policy keeps from pages is kept from
    programs as well.
    """
    return {
        "path": f"_news/{article.slug}.md",
        "title": article.title,
        "excerpt": _excerpt(article),
        "sourceUrl": None,
        "webUrl": http_link(article.web_url) or None,
        "originalUrl": http_link(article.original_url) or None,
        "featuredContent": None if article.provider.is_link_only else article.embed,
        "highlight": None,
        "heat": _heat(article),
        "tags": None,
        "images": None if article.provider.is_link_only else _images(article.images),
        "content": article.body.strip("\n") if shows_whole(article.provider) else "",
        "type": article.type,
        "ampWebUrl": http_link(article.amp_url) or None,
        "cdnAmpWebUrl": http_link(article.cdn_amp_url) or None,
        "publishedDateTime": utc(article.published_at),
        "updatedDateTime": utc(article.updated_at),
        "provider": _provider(article),
        "locale": LOCALE,
        "categories": None if article.category is None else [article.category],
        "topics": list(topics) or None,
    }


def utc(at: datetime | None) -> str | None:
    """As files write it: `2023-03-23T19:55:00Z`."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def shows_whole(provider: Publisher) -> bool:
    """Whether the provider's policy lets its texts be shown at their full length."""
    return not provider.is_link_only and provider.excerpt_limit is None


def _excerpt(article: Piece) -> str | None:
    if article.excerpt is None or shows_whole(article.provider):
        return article.excerpt
    return excerpt(article)


def _heat(article: Piece) -> int | None:
    """The file's, until somebody acted on the state or the story: then what an export writes."""
    return article.heat if article.state_acted_at is None else article.story_heat


def _provider(article: Piece) -> Item | None:
    printed = (article.provider_name, article.provider_domain, article.provider_images)
    if printed == (None, None, None):
        return None
    return {
        "name": article.provider_name,
        "domain": article.provider_domain,
        "images": _images(article.provider_images),
        "publishers": None,
        "authors": None,
    }


def _images(images: list[Item] | None) -> list[Item] | None:
    if images is None:
        return None
    return [
        {
            "url": image.get("url"),
            "width": image.get("width"),
            "height": image.get("height"),
            "title": image.get("title"),
            "attribution": image.get("attribution"),
            "isCached": image.get("isCached", False),
        }
        for image in images
    ]
