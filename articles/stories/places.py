"""Where articles stood before an act on their stories, and putting them back there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from ..models import Article, Story, Transition
from ..models.bulk import update_rows
from ..states import State
from ..workflow.errors import WrongState
from . import facts, heritage
from .arranging import NotPossible, Part, arrange
from .counts import refresh
from .membership import NEEDED, lead_order

Standing = dict[str, Any]
"""`places`: id of each article → [story, whether it leads, when its state was last acted on, since
when it is touched];
`stories`: id → its columns that no recount gives back; what `heritage.estate` tells; `facts`: as
`facts.differences`. In JSON's types, so that ids are texts where they are keys."""

NAMED = 3
"""Articles that a refusal names."""

MARKS = ("state_acted_at", "touched_at")
KEPT = ("slug", "is_lead_chosen", "looked_at_count")
SWAP = "swap_lead"
OWN = 0
"""What `put_back` is told for newcomers that get a story of their own."""


class NewcomersCame(WrongState):
    """Articles joined the stories since; `choices` are the leads of the stories, as they would be
    again, one of which they could go to."""

    def __init__(self, newcomers: Sequence[Article], choices: Sequence[Article]) -> None:
        named = _named([str(one.pk) for one in newcomers])
        where = "it goes" if len(newcomers) == 1 else "they go"
        those = "it" if len(newcomers) == 1 else "them"
        super().__init__(
            f"{named} joined the story since. Say where {where}, or take {those} out of it and undo"
            " again."
        )
        self.newcomers, self.choices = newcomers, choices


def standing(stories: Iterable[int]) -> Standing:
    """How the members of these stories stand, and what editors said of their pairs."""
    ids = set(stories)
    kept = Story.objects.filter(pk__in=ids).values_list("pk", *KEPT)
    members = _places(Article.objects.filter(story__in=ids))
    return {
        "places": members,
        "stories": {str(pk): dict(zip(KEPT, values, strict=True)) for pk, *values in kept},
        "facts": facts.among([int(pk) for pk in members]),
        **heritage.estate(ids),
    }


def left(stood: Standing) -> Standing:
    """What undo needs, once the act is done: how it stood, and how it stands now."""
    ids = [int(pk) for pk in stood["places"]]
    now = _places(Article.objects.filter(pk__in=ids))
    return stood | {"now": now, "facts": facts.differences(stood["facts"], facts.among(ids))}


def put_back(act: Transition, actor_id: int, at: datetime, newcomers: int | None = None) -> None:
    """Bring every article back to its place.

    `newcomers`: the id of an article in whose story those stay that came since, or OWN. Raises
    NewcomersCame when they came and it was not said, WrongState when members went since, naming
    them and what can be done.
    """
    stood = (act.before or {})["places"]
    there = {story for story, *_ in stood["now"].values()}
    list(Story.objects.select_for_update().filter(pk__in=there).order_by("pk"))
    came = _newcomers(stood, there, act)
    if came:
        _check_said(stood, came, newcomers)
        _set_aside(came)
    _restore(stood, there)
    if came:
        _bring_along(stood, came, newcomers or OWN, actor_id, at)
    refresh({story for story, *_ in stood["places"].values()} | {one.story_id for one in came})


def restore_marks(stood: Standing, act: Transition) -> None:
    """No file was written since: nothing has to be told of the act, nor of its undoing. What was
    acted on later stays marked."""
    for place, name in enumerate(MARKS, 2):
        marked = Article.objects.filter(pk__in=list(stood["places"]), **{name: act.at})
        moments = (
            (pk, stood["places"][str(pk)][place]) for pk in marked.values_list("pk", flat=True)
        )
        update_rows(
            Article,
            [name],
            [(datetime.fromisoformat(at) if at else None, pk) for pk, at in moments],
        )


def _newcomers(stood: Standing, there: set[int], act: Transition) -> list[Article]:
    """Those that joined since; raises WrongState when members went, or others were made leads."""
    now = stood["now"]
    rows = Article.objects.select_related("story").only(*NEEDED)
    found = {str(row.pk): row for row in rows.filter(Q(story__in=there) | Q(pk__in=list(now)))}
    moved = {
        pk for pk, (story, *_) in now.items() if pk not in found or found[pk].story_id != story
    }
    came = [row for pk, row in sorted(found.items()) if pk not in now]
    others = {pk for pk, row in found.items() if row.is_lead and not now.get(pk, [0, False])[1]}
    if moved or _are_decided(found, others, act):
        raise WrongState(
            f"{_named(moved or others)} moved or got another lead since. Join and take out by hand."
        )
    return came


def _are_decided(found: dict[str, Article], others: set[str], act: Transition) -> bool:
    """Whether somebody made these lead since: what files bring about is no decision."""
    if any(found[pk].state == State.PUBLISHED for pk in others):
        return True
    swaps = Transition.objects.filter(article__in=list(others), action=SWAP, at__gt=act.at)
    return bool(others) and swaps.filter(undone_by=None).exists()


def _check_said(stood: Standing, came: Sequence[Article], newcomers: int | None) -> None:
    leads = [int(pk) for pk, (_, leads, *_) in stood["places"].items() if leads]
    if newcomers != OWN and newcomers not in leads:
        choices = Article.objects.filter(pk__in=leads).select_related("provider", "story")
        raise NewcomersCame(came, sorted(choices, key=lead_order))


def _set_aside(came: Sequence[Article]) -> None:
    """Out of the way, in a story of their own."""
    story = Story.objects.create()
    ids = [one.pk for one in came]
    Article.objects.filter(pk__in=ids).update(is_lead=False)
    Article.objects.filter(pk__in=ids).update(story=story)
    lead = min(came, key=lead_order)
    Article.objects.filter(pk=lead.pk).update(is_lead=True)
    for one in came:
        one.story, one.is_lead = story, one is lead


def _restore(stood: Standing, there: set[int]) -> None:
    places = stood["places"]
    # An address may stand at another of these stories now.
    Story.objects.filter(pk__in=there).update(slug=None)
    for pk, kept in stood["stories"].items():
        back = {name: kept[name] for name in ("slug", "is_lead_chosen")}
        if Story.objects.filter(pk=pk).update(**back) == 0:
            Story.objects.create(pk=int(pk), **kept)
    rows = Article.objects.filter(pk__in=list(places))
    rows.exclude(state=State.PUBLISHED).update(is_lead=False)
    update_rows(Article, ["story"], [(story, int(pk)) for pk, (story, *_) in places.items()])
    leads = [int(pk) for pk, (_, leads, *_) in places.items() if leads]
    Article.objects.filter(pk__in=leads).update(is_lead=True)
    heritage.restore(stood, there | {int(pk) for pk in stood["stories"]})
    Story.objects.filter(pk__in=there, members=None).delete()
    changed = stood["facts"]
    facts.forget((one, two) for one, two, said in changed if said is None)
    facts.put((one, two, said) for one, two, said in changed if said is not None)
    rows.mark()


def _bring_along(
    stood: Standing, came: Sequence[Article], newcomers: int, actor_id: int, at: datetime
) -> None:
    """Put newcomers where they were said to go, off the other stories."""
    own = {row.story_id: row for row in came}
    stories = {story for story, *_ in stood["places"].values()}
    rows = Article.objects.filter(story__in=[*stories, *own]).select_related("story").only(*NEEDED)
    by_story: dict[int, list[Article]] = {}
    for row in rows:
        by_story.setdefault(row.story_id, []).append(row)
    arrivals = [row for story in own for row in by_story.pop(story)]
    target = stood["places"][str(newcomers)][0] if newcomers != OWN else None
    ids = [row.pk for row in arrivals]
    others = [row.pk for story, members in by_story.items() if story != target for row in members]
    parts = []
    for story, members in by_story.items():
        lead = next(row for row in members if row.is_lead)
        everybody = [*members, *(arrivals if story == target else ())]
        is_best = lead is min(everybody, key=lead_order)
        chosen = lead.story.is_lead_chosen or not is_best
        parts.append(Part(everybody, lead, lead.story, chosen))
    if target is None:
        lead = min(arrivals, key=lead_order)
        parts.append(Part(arrivals, lead, lead.story))
    try:
        arrange(parts, actor_id, at, facts.between(ids, others))
    except NotPossible as why:
        raise WrongState(str(why)) from why
    for one in came:
        one.story_id = target or one.story_id


def _named(ids: Collection[str]) -> str:
    titles = Article.objects.filter(pk__in=list(ids)).order_by("title")
    named = [f"“{title}”" for title in titles.values_list("title", flat=True)[:NAMED]]
    more = len(ids) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _places(articles: Any) -> dict[str, list[Any]]:
    rows = articles.values_list("pk", "story", "is_lead", *MARKS)
    return {
        str(pk): [story, leads, *(mark and mark.isoformat() for mark in marks)]
        for pk, story, leads, *marks in rows
    }
