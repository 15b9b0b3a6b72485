"""Whole stories in hand for one act: held, changed, written down so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from ..models import Article, Story
from ..states import State
from ..workflow import audit
from ..workflow.rows import hold_stories, one_at_a_time
from ..workflow.wording import stale
from . import places
from .arranging import NotPossible, Part, arrange
from .counts import refresh
from .facts import Pair
from .membership import NEEDED

PERMISSION = "articles.story_acts"
MOST = 1_000
"""Articles that one act may have in hand."""


class Held:
    """The stories of these articles, for this transaction alone.

    Raises PermissionDenied for who may not change stories.
    """

    def __init__(self, actor: User, articles: Iterable[Article]) -> None:
        if not actor.has_perm(PERMISSION):
            raise PermissionDenied("You may not change stories.")
        self.actor, self.now = actor, timezone.now()
        one_at_a_time()
        asked = Article.objects.filter(pk__in=[article.pk for article in articles])
        hold_stories(asked)
        members = Article.objects.filter(story__in=asked.values("story"))
        if members.count() > MOST:
            raise NotPossible(f"These are more than {MOST:,} articles; act on fewer stories.")
        held = members.select_for_update(of=("self",)).select_related("story").order_by("pk")
        self.rows = {row.pk: row for row in held.only(*NEEDED, "version", "go_live_at")}
        self._stood = places.standing(row.story_id for row in self.rows.values())
        self._touched: set[int] = set()

    def row(self, article: Article, version: int | None = None) -> Article:
        """The article as it is now; raises StaleVersion when that is not the version seen."""
        row = self.rows[article.pk]
        if version is not None and row.version != version:
            raise stale(row, timezone.now())
        return row

    def of(self, article: Article) -> list[Article]:
        """All members of its story."""
        return [row for row in self.rows.values() if row.story_id == article.story_id]

    def lead_of(self, article: Article) -> Article:
        return next(row for row in self.of(article) if row.is_lead)

    def arrange(self, parts: Sequence[Part], apart: Iterable[Pair] = ()) -> None:
        """As `arranging.arrange`; files and numbers follow."""
        self._touched |= arrange(parts, self.actor.pk, self.now, apart)
        refresh(self._touched)

    def write_down(self, action: str, acted: Sequence[Article], comment: str = "") -> None:
        """An audit row for each of the articles acted on; the first one's says what undo needs."""
        self._mark(acted)
        left = places.left(self._stood)
        for row in Article.objects.filter(pk__in=[one.pk for one in acted]).order_by("pk"):
            before: dict[str, Any] = {"columns": {}} | (
                {"places": left} if row.pk == acted[0].pk else {}
            )
            audit.write_down(
                row,
                action,
                self.actor,
                self.now,
                from_state=row.state,
                comment=comment,
                before=before,
            )

    def _mark(self, acted: Sequence[Article]) -> None:
        """What an export has to look at: all files of these stories, and the state keys of who
        leads, led or was moved."""
        members = Article.objects.filter(pk__in=list(self.rows))
        if self._touched:
            members.mark()
            was = {int(pk) for pk, (_, leads, *_) in self._stood["places"].items() if leads}
            leads = set(members.filter(is_lead=True).values_list("pk", flat=True))
            told = was | leads | {one.pk for one in acted}
            members.filter(pk__in=told).update(state_acted_at=self.now)
            # Its file says published, and would do so as soon as it leads: that is for a person.
            held_back = members.filter(pk__in=leads - was, touched_at=None)
            held_back.filter(file_state=State.PUBLISHED).exclude(state=State.PUBLISHED).update(
                touched_at=self.now
            )
        members.filter(pk__in=[one.pk for one in acted]).update(version=F("version") + 1)


def story_of(article: Article) -> Story:
    """The story of an article as stored now."""
    return Story.objects.get(members=article.pk)
