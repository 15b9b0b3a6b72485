"""Making one story of several. What readers have goes on under the lead that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from ..models import Article, Story
from ..states import Action, Need, State
from ..workflow import leads as succession
from ..workflow.effects import Act
from ..workflow.errors import NotPermitted, ReasonMissing
from ..workflow.rights import PERMISSIONS, check
from .acts import Versions
from .arranging import NotPossible, Part
from .holding import Held, story_of

MERGE = "merge"


def merge(
    lead: Article,
    others: Sequence[Article],
    actor: User,
    *,
    seen: Versions,
    comment: str = "",
    override: bool = False,
) -> Story:
    """Make one story of those of `lead` and of the others, led by `lead`; answers it.

    When any of them is published, `lead` is in its place and window, with the rights and guards of
    a publication; former leads go to approved and stay as coverage. Addresses of the stories that
    went in go on to answer. `seen`: versions that the actor saw, by id. Raises NotPossible,
    PermissionDenied, and what `transition` does.
    """
    with transaction.atomic():
        held = Held(actor, [lead, *others])
        heir = held.row(lead, seen.get(lead.pk))
        for one in others:
            held.row(one, seen.get(one.pk))
        _check(held, heir)
        live = [row for row in held.rows.values() if row.state == State.PUBLISHED]
        act = _publication(held, heir, live, comment.strip(), override)
        story = _story_that_stays(held, heir)
        came = [row.slug for row in held.rows.values() if row.is_lead and row is not heir]
        for row in live:
            if row is not heir:
                _step_down(held, row, heir)
        held.arrange([Part(list(held.rows.values()), heir, story, is_lead_chosen=True)])
        said = [", ".join(came), comment.strip()]
        held.write_down(MERGE, [heir], ": ".join(part for part in said if part))
        if act is not None:
            succession.appear(replace(act, article=Article.objects.get(pk=heir.pk)))
        return story_of(heir)


def _check(held: Held, heir: Article) -> None:
    if len({row.story_id for row in held.rows.values()}) < 2:
        raise NotPossible("They are in one story already.")
    if heir.state in succession.OUT:
        raise NotPossible(f"“{heir.title}” is {State(heir.state).words}; it cannot lead a story.")


def _publication(
    held: Held, heir: Article, live: Sequence[Article], comment: str, override: bool
) -> Act | None:
    """The publication of the heir in place of those who are; None when it stays what it is."""
    stepping = [row for row in live if row is not heir]
    if stepping and not held.actor.has_perm(PERMISSIONS[Need.PUBLISH]):
        raise NotPermitted("A published lead steps down; this needs the permission to publish.")
    if not stepping or heir in live:
        return None
    if override and not comment:
        raise ReasonMissing("Say why it should pass all the same.")
    whole = Article.objects.get(pk=heir.pk)
    check(whole, Action.PUBLISH, held.actor, held.now)
    now = held.now
    first = min(stepping, key=lambda row: (not row.is_in_window(now), row.go_live_at or now))
    data: dict[str, Any] = succession.window_of(first, now)
    if override:
        data["override"] = True
    return Act(whole, Action.PUBLISH, held.actor, now, comment, data)


def _story_that_stays(held: Held, heir: Article) -> Story:
    """Of the stories that meet, the one that readers know: its address stays, others lead to it."""
    live = {row.story_id for row in held.rows.values() if row.state == State.PUBLISHED}
    return min(
        (row.story for row in held.rows.values()),
        key=lambda story: (
            story.pk not in live,
            heir.state == State.PUBLISHED and story.pk != heir.story_id,
            not story.slug,
            story.pk != heir.story_id,
            story.pk,
        ),
    )


def _step_down(held: Held, row: Article, heir: Article) -> None:
    old = Article.objects.get(pk=row.pk)
    act = Act(heir, Action.PUBLISH, held.actor, held.now)
    succession.step_down(old, act, f"{heir.slug} leads now", called=MERGE)
    row.is_lead, row.state = False, old.state
