"""What an act on stories will do, in words, before it is done; changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from providers.models import Policy

from ..models import Article, Placement, Story
from ..models.article import SHOWN_AS_COVERAGE
from ..states import Action, Need, State
from ..workflow import failures
from ..workflow.errors import ActRefused
from ..workflow.leads import OUT
from ..workflow.rights import PERMISSIONS, check
from .membership import lead_order

PUBLISHING = PERMISSIONS[Need.PUBLISH]


@dataclass(slots=True)
class Foretold:
    """The effects as sentences; `refusal`: why it would not be done."""

    effects: list[str] = field(default_factory=list)
    refusal: str = ""


def of_merge(members: Sequence[Article], heir: Article, actor: User) -> Foretold:
    """What merging the whole stories of these members under that lead will do; providers and
    stories are loaded. Few queries."""
    found = Foretold()
    live = [row for row in members if row.state == State.PUBLISHED]
    stepping = [row for row in live if row.pk != heir.pk]
    stories = {row.story_id: row.story for row in members}
    found.effects.append(
        f"{_articles(len(members))} of {len(stories)} stories become one, led by “{heir.title}”."
    )
    found.refusal = _why_not_merged(heir, stepping, live, actor)
    if not live:
        found.effects.append("Readers see no change: none of them is published.")
    for row in stepping:
        found.effects.append(
            f"“{row.title}” goes from published to approved and stays as coverage."
        )
    if stepping and heir not in live:
        found.effects.append(f"“{heir.title}” is published in its place.")
    if live:
        shown = [row for row in members if row.pk != heir.pk and _is_coverage(row, stepping)]
        found.effects.append(f"Readers meet {_articles(len(shown))} of coverage under it.")
    found.effects += _addresses(stories.values(), live)
    found.effects += _placements(stories)
    found.effects.append(_files(len(members), is_public=bool(stepping)))
    if not found.refusal and stepping and heir not in live:
        found.refusal = _guards(heir)
    return found


def of_split(members: Sequence[Article], chosen: Collection[int]) -> Foretold:
    """What making a story of its own of the chosen members, by id, will do."""
    found = Foretold()
    out = [row for row in members if row.pk in chosen]
    rest = [row for row in members if row.pk not in chosen]
    if not out or not rest:
        found.refusal = "Choose some of its articles, and leave some."
        return found
    lead = next(row for row in members if row.is_lead)
    leaving, staying = (rest, out) if lead.pk in chosen else (out, rest)
    best = min(leaving, key=lead_order)
    found.effects += [
        f"{_become(len(leaving))} a story of {'its' if len(leaving) == 1 else 'their'} own, led by"
        f" “{best.title}”.",
        f"The story led by “{lead.title}” keeps {_articles(len(staying))} and its address.",
    ]
    if lead.state == State.PUBLISHED:
        shown = [row for row in leaving if _is_coverage(row, ())]
        found.effects.append(
            f"Readers no longer meet {_articles(len(shown))} of coverage; the new story is not"
            " published."
        )
    found.effects += ["No file brings them together again.", _files(len(members))]
    return found


def of_move(chosen: Sequence[Article], members: Sequence[Article], lead: Article) -> Foretold:
    """What moving the chosen members to the story of that lead will do; `members` are all of the
    stories that they leave."""
    found, ids = Foretold(), {row.pk for row in chosen}
    if not chosen:
        found.refusal = "Choose articles to move."
    if any(row.state == State.PUBLISHED for row in chosen):
        found.refusal = "A published lead is not moved; merge the stories."
    found.effects.append(f"{_become(len(chosen))} coverage of “{lead.title}”.")
    for row in chosen:
        rest = [one for one in members if one.story_id == row.story_id and one.pk not in ids]
        if row.is_lead and rest:
            heir = min(rest, key=lead_order)
            found.effects.append(f"“{heir.title}” leads the story that they leave.")
    shown = [row for row in chosen if _is_coverage(row, ())]
    if lead.state == State.PUBLISHED and shown:
        found.effects.append(f"Readers meet {_articles(len(shown))} more under it.")
    found.effects.append("No file brings them back.")
    return found


def _why_not_merged(
    heir: Article, stepping: Sequence[Article], live: Sequence[Article], actor: User
) -> str:
    if heir.state in OUT:
        return f"It is {State(heir.state).words}; it cannot lead a story."
    if stepping and not actor.has_perm(PUBLISHING):
        return "A published lead steps down; this needs the permission to publish."
    if stepping and heir not in live:
        try:
            check(heir, Action.PUBLISH, actor, timezone.now())
        except ActRefused as why:
            return str(why)
    return ""


def _guards(heir: Article) -> str:
    """What stands between it and readers, once it leads."""
    as_lead = copy(heir)
    as_lead.is_lead = True
    return " ".join(failure.message for failure in failures(as_lead, timezone.now()))


def _is_coverage(row: Article, stepping: Collection[Article]) -> bool:
    states = SHOWN_AS_COVERAGE[settings.COVERAGE]
    is_shown = row.state in states or row in stepping
    return is_shown and row.provider.policy != Policy.BLOCKED


def _addresses(stories: Collection[Story], live: Sequence[Article]) -> list[str]:
    known = [story.slug for story in stories if story.slug]
    if len(known) < 2 or not live:
        return []
    every = "Both" if len(known) == 2 else f"All {len(known)}"
    return [f"{every} addresses that readers know go on to answer; one of them stays its own."]


def _placements(stories: Collection[int]) -> list[str]:
    running = Placement.objects.filter(story__in=stories, ends_at__gt=timezone.now())
    return [
        "What was said of a story's place on the front page holds for the merged one."
        for _ in running[:1]
    ]


def _files(count: int, *, is_public: bool = False) -> str:
    keys = "“related”, “heat” and “published”" if is_public else "“related” and “heat”"
    return f"The next export changes {keys} in up to {count} files, nothing else."


def _become(count: int) -> str:
    return f"{_articles(count)} become{'s' if count == 1 else ''}"


def _articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"
