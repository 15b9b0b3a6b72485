"""What an act on one article will do, in words, before it is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..models import Article
from ..states import Action, State


@dataclass(frozen=True)
class Outcome:
    """An article before an act; `has_heirs`: other articles may take over its lead.

    `is_at_once`: nothing is asked, so that a publication is now.
    """

    article: Article
    now: datetime
    has_heirs: bool = False
    is_at_once: bool = False

    def appears(self) -> list[str]:
        """It is published."""
        if self.is_at_once:
            return ["The story goes live now."]
        return ["The story is on the site from then on, at once if no time is given."]

    def departs(self) -> list[str]:
        """What is published no longer is."""
        article = self.article
        put_aside = ["The pending draft is put aside."] if article.draft_id else []
        if not article.is_published(self.now):
            return ["Readers do not see it now; it will not appear.", *put_aside]
        lines = article.story.coverage_count
        coverage = f" with {lines} line{'' if lines == 1 else 's'} of coverage" if lines else ""
        story = "Unless another article takes over, the" if self.has_heirs else "The"
        return [f"{story} story leaves the site{coverage}; its address answers “gone”.", *put_aside]

    def withdraws(self) -> list[str]:
        """Gone for good."""
        article = self.article
        first = article.first_published_at
        answer = "gone" if first is not None and first <= self.now else "not found"
        is_live = article.state == State.PUBLISHED
        leaves = self.departs() if is_live else [f"Its address answers “{answer}”."]
        return [
            *leaves,
            *self._coverage(),
            *self._next(),
            "It is for good: only a superuser reinstates it.",
        ]

    def hides(self) -> list[str]:
        """No longer approved, nor shown beside a lead."""
        void = self.article.state == State.APPROVED
        return [*self._coverage(), *(["The approval becomes void."] if void else [])]

    def spikes(self) -> list[str]:
        """Hidden, and its story led by another one."""
        return [*self.hides(), *self._next()]

    def moves(self) -> list[str]:
        """Another window."""
        if self.article.is_published(self.now):
            return ["Readers see it until then."]
        return ["Readers see it within the new times only."]

    def unschedules(self) -> list[str]:
        """It never goes live."""
        return ["It does not go live; it stays approved."]

    def changes(self) -> list[str]:
        """Another text."""
        is_live = self.article.is_published(self.now)
        return ["Readers see the new text at once."] if is_live else []

    def _next(self) -> list[str]:
        article = self.article
        if not article.is_lead or article.state == State.PUBLISHED:
            return []
        is_alone = article.story.member_count < 2
        return [] if is_alone else ["Its story goes on under the next article that is left."]

    def _coverage(self) -> list[str]:
        if self.article.is_lead or self.article.story.rank is None:
            return []
        return ["It leaves the coverage of a live story."]


SAYS: dict[Action, Callable[[Outcome], list[str]]] = {
    Action.PUBLISH: Outcome.appears,
    Action.REPUBLISH: Outcome.appears,
    Action.RESCHEDULE: Outcome.moves,
    Action.UNSCHEDULE: Outcome.unschedules,
    Action.PUBLISH_DRAFT: Outcome.changes,
    Action.UNPUBLISH: Outcome.departs,
    Action.WITHDRAW: Outcome.withdraws,
    Action.SPIKE: Outcome.spikes,
    Action.REQUEST_CHANGES: Outcome.hides,
}


def foretell(action: Action, outcome: Outcome) -> list[str]:
    """Sentences; empty for what only changes hands. No query beyond the article's story."""
    says = SAYS.get(action)
    return says(outcome) if says else []
