"""Carrying an act out: its guards, its effects, its record."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from ..models import Article, Story, Transition
from ..models.article import is_coverage_in
from ..states import TABLE, Action, SpikeReason, State, destination
from ..stories.counts import refresh
from ..stories.looked import look
from . import audit, telling
from .effects import Act, apply
from .errors import GuardFailure, GuardsFailed, NotPermitted
from .guards import asked_for, failures
from .rights import OVERRIDING
from .rows import mark_siblings

IN_SIBLINGS = frozenset({Action.WITHDRAW, Action.REINSTATE})
"""Actions after which the other files of the story list the article no longer, or again."""


def check_guards(act: Act) -> list[GuardFailure]:
    """The failures that the actor overrides; raises GuardsFailed when any is left."""
    if not TABLE[act.action].is_guarded:
        return []
    found = failures(act.article, max(act.goes_live_at, act.now))
    return pass_over(act, asked_for(act.action, found))


def pass_over(act: Act, found: Sequence[GuardFailure]) -> list[GuardFailure]:
    """Those of the failures that the actor overrides; raises GuardsFailed when any is left."""
    if not found:
        return []
    if not act.data.get("override"):
        raise GuardsFailed(found)
    if not act.actor.has_perm(OVERRIDING):
        raise NotPermitted("This needs the permission to override guards.")
    if left := [failure for failure in found if not failure.is_editorial]:
        raise GuardsFailed(left)
    return list(found)


def carry_out(act: Act, overridden: Sequence[GuardFailure] = ()) -> Transition:
    """Do what was checked, and write it down."""
    article, start = act.article, State(act.article.state)
    before, stood = audit.snapshot(article), audit.standing(article)
    revision = audit.keep(article, act.actor, act.now)
    to = destination(act.action, start, article.came_from, reapprove=settings.REAPPROVE_ON_EDIT)
    apply(act, to)
    if to is State.APPROVED and act.action is Action.APPROVE:
        article.approved_revision = revision
    _touch(act, start)
    article.version += 1
    article.save()
    changes = audit.differences(before, audit.snapshot(article))
    row = audit.write_down(
        article,
        act.action,
        act.actor,
        act.now,
        changes=changes | passed_over(overridden),
        from_state=start,
        revision=revision,
        comment=act.comment,
        reason=str(act.data.get("reason", "")) if act.action is Action.SPIKE else "",
        public_note=act.data.get("public_note", "").strip(),
        batch=act.batch,
        before={"columns": audit.before(stood, article)} | _address_before(act),
    )
    _tell_story(act, start)
    telling.tell_of(act, stood["assignee_id"])
    return row


def _address_before(act: Act) -> dict[str, dict[str, None]]:
    """What undo has to know of a story that gets its first address with this publication."""
    if act.action not in (Action.PUBLISH, Action.REPUBLISH):
        return {}
    has_none = Story.objects.filter(pk=act.article.story_id, slug=None).exists()
    return {"story": {"slug": None}} if has_none else {}


def moves_coverage(article: Article, start: State) -> bool:
    """Whether readers meet it under its story's lead now and did not before, or no longer: the
    story's time may be another one."""
    return not article.is_lead and is_coverage_in(start) != is_coverage_in(article.state)


def passed_over(overridden: Sequence[GuardFailure]) -> audit.Changes:
    """What the record says of guards that somebody passed."""
    if not overridden:
        return {}
    return {"guards": [[failure.message for failure in overridden], "overridden"]}


def spike_reason(asked: object, last: str) -> str:
    """The code of a spike: as asked for, else the person's last one; raises ValueError."""
    return SpikeReason(str(asked)).value if asked else last


def _touch(act: Act, start: State) -> None:
    if not TABLE[act.action].touches:
        return
    act.article.touched_at = act.now
    # What concerns a draft only is no act on the state: files need not say anything else.
    if not (start is State.PUBLISHED and TABLE[act.action].of_draft):
        act.article.state_acted_at = act.now


def _tell_story(act: Act, start: State) -> None:
    article = act.article
    if act.action in IN_SIBLINGS:
        mark_siblings(article)
    if State.PUBLISHED in (start, article.state) or moves_coverage(article, start):
        refresh({article.story_id})
    if act.action in (Action.PUBLISH, Action.REPUBLISH):
        # Whoever publishes a story has looked at it.
        look(Story.objects.get(pk=article.story_id))
