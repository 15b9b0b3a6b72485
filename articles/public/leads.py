"""What pages show of an article: some of its columns, without the weight of a model's row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ..models import Article, ArticleQuerySet
from .prepared import AsKept


class Publisher(NamedTuple):
    """A provider as far as pages show it."""

    domain: str
    name: str
    logo: str
    excerpt_limit: int | None
    is_link_only: bool


class Event(NamedTuple):
    """The story that an article belongs to."""

    slug: str | None
    rank: float | None
    heat: int
    member_count: int
    related_count: int


class Lead(NamedTuple):
    """An article under the same names as `Article` has."""

    pk: int
    story_id: int
    slug: str
    title: str
    excerpt: str | None
    type: str | None
    images: Any
    web_url: str | None
    original_url: str | None
    quality: int | None
    is_lead: bool
    published_at: datetime | None
    go_live_at: datetime | None
    provider: Publisher
    story: Event
    body: str = ""
    embed: str | None = None

    @property
    def link(self) -> str:
        """As `Article.link`."""
        return self.web_url or self.original_url or ""


Readable = Article | Lead
"""An article for a page: a lead that was listed, or a whole one, as previews and feeds have it."""

_OWN = Lead._fields[: Lead._fields.index("provider")]
_OF_PROVIDER = len(_OWN) + len(Publisher._fields)
_TIMES = ("published_at", "go_live_at")
COLUMNS = (
    *(AsKept(name) if name in _TIMES else name for name in _OWN),
    *(f"provider__{name}" for name in Publisher._fields),
    *(f"story__{name}" for name in Event._fields),
)
WHOLE = (*COLUMNS, "body", "embed")
"""COLUMNS and the texts that the story's own page shows."""


def leads(rows: ArticleQuerySet) -> list[Lead]:
    """These articles, in their order; one query."""
    return [lead_of(row) for row in rows.values_list(*COLUMNS)]


def lead_of(row: Sequence[Any]) -> Lead:
    """The article that COLUMNS, or WHOLE, were selected of."""
    end = len(COLUMNS)
    provider, story = row[len(_OWN) : _OF_PROVIDER], row[_OF_PROVIDER:end]
    texts: Sequence[Any] = row[end:] or ("", None)
    return Lead._make((*row[: len(_OWN)], Publisher._make(provider), Event._make(story), *texts))
