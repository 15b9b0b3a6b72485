"""The pending draft of a live article, as the form shows it: whose it is and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..models import Article, Topic
from ..revisions.words import Span, compare_words
from ..workflow import Draft
from ..workflow.wording import name_of
from .form import SETTLE
from .reading import reads

LABELS = {"topics": "Topics", "web_url": "Link", "published_at": "Published"}


@dataclass(frozen=True)
class Change:
    """One field in both texts, the words that differ marked."""

    column: str
    live: list[Span]
    drafted: list[Span]
    is_clash: bool = False

    @property
    def label(self) -> str:
        """The column as the form calls it."""
        return LABELS.get(self.column, self.column.replace("_", " ").capitalize())

    @property
    def settles(self) -> str:
        """The name under which a clash is decided."""
        return f"{SETTLE}{self.column}"


@dataclass(frozen=True)
class Pending:
    """A draft and all that readers would see change."""

    draft: Draft
    changes: list[Change]

    @property
    def by(self) -> str:
        """Who saved it last."""
        return name_of(self.draft.by) if self.draft.by else "an import"


def pending(article: Article, draft: Draft | None, topics: Sequence[Topic]) -> Pending | None:
    """What the banner says of the draft; `topics` are those that readers see."""
    if draft is None:
        return None
    names = [topic.name for topic in topics]
    pairs: list[tuple[str, Any, Any]] = [
        (column, getattr(article, column), draft.values.get(column)) for column in draft.values
    ]
    pairs.append(("topics", names, draft.topics))
    changes = [
        Change(column, *compare_words(reads(live), reads(drafted)), column in draft.clashes)
        for column, live, drafted in pairs
        if reads(live) != reads(drafted)
    ]
    return Pending(draft, changes)
