"""A row as the front matter that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .models import Article

KEY_OF_COLUMN = {
    "category": "category",
    "title": "title",
    "excerpt": "excerpt",
    "published_at": "publishedDateTime",
    "updated_at": "updatedDateTime",
    "original_url": "originalUrl",
    "web_url": "webUrl",
    "amp_url": "ampWebUrl",
    "cdn_amp_url": "cdnAmpWebUrl",
    "type": "type",
    "quality": "quality",
    "heat": "heat",
    "embed": "featuredContent",
    "images": "images",
}
"""The key of the file that each column of an article holds; provider and topics apart."""

PROVIDER_KEY_OF_COLUMN = {
    "provider_name": "name",
    "provider_domain": "domain",
    "provider_images": "images",
}
"""The same for the keys within `provider`, as this article's file prints them."""


def printed(article: Article, topics: Sequence[str]) -> dict[str, Any]:
    """The front matter of a row: the keys that hold a value, None left out.

    Keys are those of `frontmatter.schema.ARTICLE`, values have the types of `frontmatter.record`;
    `topics` are the names as printed, in order. Keys that follow from state and story
    (`published`, `removed`, `related`) and `secured` are not among them. Nothing is read from
    the database.
    """
    values = _present(article, KEY_OF_COLUMN)
    if provider := _present(article, PROVIDER_KEY_OF_COLUMN):
        values["provider"] = provider
    if topics:
        values["topics"] = list(topics)
    return values


def _present(article: Article, columns: dict[str, str]) -> dict[str, Any]:
    values = {key: getattr(article, column) for column, key in columns.items()}
    return {key: value for key, value in values.items() if value is not None}
