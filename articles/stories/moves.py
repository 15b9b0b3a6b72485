"""Two moments of the front page compared: what moved, and the acts behind each move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from ..models import Article, FrontSnapshot, Transition
from ..workflow.wording import doer_of, done_words

ACTS = 500
"""Acts between two moments that are looked at, the newest."""


@dataclass(slots=True)
class Move:
    """A story at two moments: its places (None: not among those remembered), and why."""

    story: int
    lead: int
    before: int | None
    after: int | None
    reasons: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many places it rose; below zero, fell. 0 for what came or went."""
        return self.before - self.after if self.before and self.after else 0


def moves(a: FrontSnapshot, b: FrontSnapshot) -> list[Move]:
    """Every story of either moment, in the order of `b`, then what left; four queries."""
    earlier, later = _rows(a), _rows(b)
    acts = _acts(a, b, [*earlier.values(), *later.values()])
    found = []
    for story in [*later, *(story for story in earlier if story not in later)]:
        one, two = earlier.get(story), later.get(story)
        lead = (two or one or [0, 0])[1]
        move = Move(story, lead, one[-1] if one else None, two[-1] if two else None)
        if move.before != move.after:
            move.reasons = _reasons(move, one, two, acts)
        found.append(move)
    return found


def named(found: Iterable[Move]) -> dict[int, Article]:
    """The articles that may be named, by id: those that readers see now; one query."""
    rows = Article.objects.shown().filter(pk__in=[move.lead for move in found])
    return {row.pk: row for row in rows.select_related("provider").only("title", "provider__name")}


def _rows(snapshot: FrontSnapshot) -> dict[int, list[Any]]:
    """Each row of the order with its place, by story."""
    return {row[0]: [*row, place] for place, row in enumerate(snapshot.order, 1)}


def _acts(
    a: FrontSnapshot, b: FrontSnapshot, rows: Sequence[Sequence[Any]]
) -> dict[int, list[Transition]]:
    """What was done between the moments, by story and, where that is gone, by lead (negative)."""
    stories, leads = {row[0] for row in rows}, {row[1] for row in rows}
    between = Transition.objects.filter(at__gt=a.at, at__lte=b.at)
    about = between.filter(Q(article__story__in=stories) | Q(article__in=leads))
    about = about.select_related("actor", "run", "article").defer(
        "before", "changes", "article__body", "article__embed", "run__report"
    )
    found: dict[int, list[Transition]] = defaultdict(list)
    for act in about.order_by("-id")[:ACTS]:
        found[act.article.story_id].append(act)
        if act.article_id in leads:
            found[-act.article_id].append(act)
    return found


def _reasons(
    move: Move,
    one: Sequence[Any] | None,
    two: Sequence[Any] | None,
    acts: dict[int, list[Transition]],
) -> list[str]:
    if one and two and one[3:5] == two[3:5]:
        # What was done to it meanwhile did not move it.
        return ["others came above it" if move.steps < 0 else "others above it fell or left"]
    own = {act.pk: act for act in (*acts[move.story], *acts[-move.lead])}
    said = [_told(act) for _, act in sorted(own.items(), reverse=True)[:3]]
    if said:
        return said
    if one and two and one[4] and not two[4]:
        return [f"its {one[4]} ended"]
    if one and two and one[2] != two[2]:
        return [f"heat {one[2]} → {two[2]}: its files changed, or its coverage"]
    if one is None:
        return ["others above it left" if move.after and move.after > 1 else "it went live"]
    if two is None:
        return ["others came above it, or its time was over"]
    return ["its rank is another one"]


def _told(act: Transition) -> str:
    why = f": {act.comment}" if act.comment else ""
    return f"{done_words(act.action)} by {doer_of(act)}{why}"
