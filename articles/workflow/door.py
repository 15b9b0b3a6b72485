"""The door of people: one action on one article, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction as database
from django.utils import timezone

from ..models import Article, Story, Transition
from ..states import TABLE, Action, State, destination
from ..stories import refresh
from . import audit
from .effects import PARAMETERS, Act, apply
from .errors import GuardFailure, GuardsFailed, NotPermitted, ReasonMissing, WrongState
from .guards import failures
from .rights import OVERRIDING, check
from .wording import stale

IN_SIBLINGS = frozenset({Action.WITHDRAW, Action.REINSTATE})
"""Actions after which the other files of the story list the article no longer, or again."""


def transition(
    article: Article,
    action: Action | str,
    actor: User,
    *,
    expected_version: int,
    comment: str = "",
    at: datetime | None = None,
    **data: Any,
) -> Article:
    """Do one action of the table; the row as it is then.

    `expected_version` is the version that the actor saw. `at` is when a publication goes live
    (aware; now), the same as `go_live_at`. `data`: `assignee`, a User, for assign; `go_live_at`,
    `expire_at` for publish, republish and reschedule, where a reschedule keeps what is not named;
    `override=True` passes editorial guards, with the comment as the reason.

    Raises WrongState, NotPermitted, StaleVersion, ReasonMissing, GuardsFailed (all ActRefused),
    and Django's ValidationError by field for what was said along; nothing is changed then.
    The same actor repeating the same action on the same version is answered as done.
    """
    action, comment = Action(action), comment.strip()
    if at or data.get("go_live_at"):
        data["go_live_at"] = at or data["go_live_at"]
    else:
        data.pop("go_live_at", None)
    if unknown := data.keys() - PARAMETERS.get(action, frozenset()):
        raise TypeError(f"{action} takes no {', '.join(sorted(unknown))}")
    if action is Action.EDIT:
        raise TypeError("content is edited by articles.workflow.edit")
    with database.atomic():
        act = Act(locked(article.pk), action, actor, timezone.now(), comment, data)
        if act.article.version != expected_version:
            return _answer_stale(act, expected_version)
        check(act.article, action, actor, act.now)
        _check_reason(act)
        overridden = _check_guards(act)
        return _carry_out(act, overridden)


def locked(pk: int) -> Article:
    """The row, for this transaction alone.

    Its story is locked first, so that acts on two members never wait for one another's rows.
    """
    while True:
        story = Article.objects.values_list("story", flat=True).get(pk=pk)
        Story.objects.select_for_update().get(pk=story)
        article = Article.objects.select_for_update().get(pk=pk)
        if article.story_id == story:
            return article


def _answer_stale(act: Act, expected_version: int) -> Article:
    last = audit.last_act(act.article)
    if last is not None and _is_repeat(act, last, expected_version):
        return act.article
    raise stale(act.article, act.now)


def _is_repeat(act: Act, last: Transition, expected_version: int) -> bool:
    said = {name: value for name, value in act.data.items() if name != "override"}
    return (
        act.article.version == last.version == expected_version + 1
        and (last.actor_id, last.action) == (act.actor.pk, act.action)
        and last.comment == act.comment
        and all(getattr(act.article, name) == value for name, value in said.items())
    )


def _check_reason(act: Act) -> None:
    if act.comment:
        return
    if TABLE[act.action].asks_why:
        raise ReasonMissing("Say why; others will read it.")
    if act.data.get("override"):
        raise ReasonMissing("Say why it should pass all the same.")
    is_answer = act.action is Action.RESUBMIT
    if is_answer and not audit.is_edited_since(act.article, Action.REQUEST_CHANGES):
        raise WrongState("Nothing has changed since it was sent back; change it or reply.")


def _check_guards(act: Act) -> list[GuardFailure]:
    """The failures that the actor overrides; raises GuardsFailed when any is left."""
    if not TABLE[act.action].is_guarded:
        return []
    found = failures(act.article, max(act.goes_live_at, act.now))
    if not found or not act.data.get("override"):
        _raise_if_any(found)
        return []
    if not act.actor.has_perm(OVERRIDING):
        raise NotPermitted("This needs the permission to override guards.")
    _raise_if_any([failure for failure in found if not failure.is_editorial])
    return found


def _raise_if_any(found: Sequence[GuardFailure]) -> None:
    if found:
        raise GuardsFailed(found)


def _carry_out(act: Act, overridden: Sequence[GuardFailure]) -> Article:
    article, start = act.article, State(act.article.state)
    before = audit.snapshot(article)
    revision = audit.keep(article, act.actor, act.now)
    to = destination(act.action, start, article.came_from, reapprove=settings.REAPPROVE_ON_EDIT)
    apply(act, to)
    if to is State.APPROVED and act.action is Action.APPROVE:
        article.approved_revision = revision
    if TABLE[act.action].touches:
        article.touched_at = article.state_acted_at = act.now
    article.version += 1
    article.save()
    changes = audit.differences(before, audit.snapshot(article))
    if overridden:
        changes["guards"] = [[failure.message for failure in overridden], "overridden"]
    audit.write_down(
        article,
        act.action,
        act.actor,
        act.now,
        from_state=start,
        revision=revision,
        comment=act.comment,
        changes=changes,
    )
    _tell_story(act, start)
    return article


def _tell_story(act: Act, start: State) -> None:
    article = act.article
    if act.action in IN_SIBLINGS:
        mark_siblings(article)
    if State.PUBLISHED in (start, article.state):
        refresh({article.story_id})


def mark_siblings(article: Article) -> None:
    """The files of the story's other members print this article's data; an export looks again."""
    Article.objects.filter(story=article.story_id).exclude(pk=article.pk).update(is_edited=True)
