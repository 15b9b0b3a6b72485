"""Putting articles into stories as an editor says, so that no file brings them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..models import Article, Story
from . import facts
from .facts import Pair
from .grouping import Fact, components
from .membership import Regrouping, lead_order, nodes_of, regroup


class NotPossible(ValueError):
    """The act would break a rule of stories; the message says which."""


@dataclass(slots=True)
class Part:
    """Articles that are one story from now on. `story` None: a new one; `is_lead_chosen`: the lead
    stays whatever becomes of qualities."""

    members: list[Article]
    lead: Article
    story: Story | None = None
    is_lead_chosen: bool = False

    @property
    def ids(self) -> list[int]:
        return [member.pk for member in self.members]


def part(members: list[Article], lead: Article | None = None, story: Story | None = None) -> Part:
    """These articles under that lead, else under the best of them."""
    best = min(members, key=lead_order)
    return Part(members, lead or best, story, is_lead_chosen=lead is not None and lead is not best)


def arrange(
    parts: Sequence[Part], actor_id: int, at: datetime, apart: Iterable[Pair] = ()
) -> set[int]:
    """Make these the stories of their members; answers the touched ones.

    The parts hold whole stories, all of them held by the transaction, and no published article
    that is not the lead of its part. Who was of one story and is no longer is kept apart, as are
    the pairs that are named; who is of one part is kept together where no files do. Raises
    NotPossible when files and earlier decisions would undo it.
    """
    _separate(parts, actor_id, at, apart)
    for one in parts:
        _bind(one, actor_id, at)
    touched = _place(parts)
    _check_settled(parts)
    return touched


def _separate(parts: Sequence[Part], actor_id: int, at: datetime, apart: Iterable[Pair]) -> None:
    was: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, one in enumerate(parts):
        for member in one.members:
            was[member.story_id].append((number, member.pk))
        said = facts.among(one.ids)
        facts.forget(key for key, (is_together, *_) in said.items() if not is_together)
    pairs = set(apart)
    for members in was.values():
        for number, pk in members:
            pairs |= facts.between([pk], [other for part, other in members if part > number])
    facts.say(pairs, actor_id, at, is_together=False)


def _bind(one: Part, actor_id: int, at: datetime) -> None:
    """Join what the files alone would leave in pieces, by as few facts as there are pieces."""
    slugs = {member.pk: member.slug for member in one.members}
    said = [
        Fact(slugs[first], slugs[second], is_together)
        for (first, second), (is_together, *_) in facts.among(one.ids).items()
    ]
    by_slug = {member.slug: member for member in one.members}
    pieces = components(nodes_of(one.members), said)
    heads = [
        min((by_slug[slug] for slug in piece), key=lead_order)
        for piece in pieces
        if one.lead.slug not in piece
    ]
    pairs = facts.between([one.lead.pk], [head.pk for head in heads])
    facts.say(pairs, actor_id, at, is_together=True)


def _place(parts: Sequence[Part]) -> set[int]:
    plan = Regrouping()
    for one in parts:
        plan.put(one.members, one.lead, one.story or Story())
    touched = plan.apply()
    for is_chosen in (False, True):
        stories = [one.lead.story_id for one in parts if one.is_lead_chosen is is_chosen]
        Story.objects.filter(pk__in=stories).update(is_lead_chosen=is_chosen)
    return touched


def _check_settled(parts: Sequence[Part]) -> None:
    """What the next import would find is what the act leaves."""
    moved = regroup(changed=[pk for one in parts for pk in one.ids]).moved()
    if moved:
        named = ", ".join(f"“{article.title}”" for article in moved[:3])
        raise NotPossible(
            f"The next import would bring it about differently: files or earlier decisions put"
            f" {named} elsewhere."
        )
