"""The door of people: one action on one article, whole or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as database
from django.utils import timezone

from ..models import Article, Person, Transition
from ..states import TABLE, Action, State
from . import audit
from .carrying import carry_out, check_guards, spike_reason
from .drafts import publish_draft
from .effects import PARAMETERS, WINDOW, Act, in_utc
from .errors import ReasonMissing, WrongState
from .leads import take_over
from .rights import check
from .rows import locked
from .wording import stale

CONTENT = {Action.EDIT: "edit", Action.SAVE_DRAFT: "save_draft"}
"""Actions that have a function of their own."""

SAID_ONLY = frozenset({"override", "public_note", "successor"})
"""What is said along and leaves no value in a column."""


def transition(
    article: Article,
    action: Action | str,
    actor: User,
    *,
    expected_version: int,
    comment: str = "",
    at: datetime | None = None,
    batch: str = "",
    **data: Any,
) -> Article:
    """Do one action of the table; the row as it is then.

    `expected_version` is the version that the actor saw. `at` is when a publication goes live
    (aware; now), the same as `go_live_at`. `data`: `assignee`, a User, for assign; `go_live_at`,
    `expire_at` for publish, republish and reschedule, where a reschedule keeps what is not named;
    `override=True` passes editorial guards, with the comment as the reason; `reason`, a
    SpikeReason, for spike (by default the actor's last one); `successor`, an Article of the same
    story, for unpublish, spike and withdraw: it takes over the lead and is published with it;
    `public_note`, what readers are told, for publish_draft and withdraw. `batch` is the same for
    the acts of one bulk, which `undo` takes back together.

    Raises WrongState, NotPermitted, StaleVersion, ReasonMissing, GuardsFailed (all ActRefused),
    and Django's ValidationError by field for what was said along; nothing is changed then.
    The same actor repeating the same action on the same version is answered as done.
    """
    action, comment = Action(action), comment.strip()
    if at or data.get("go_live_at"):
        data["go_live_at"] = at or data["go_live_at"]
    else:
        data.pop("go_live_at", None)
    # Two moments of one zone are compared by their clocks, which lie where an hour comes twice.
    data |= {name: in_utc(name, data[name]) for name in WINDOW & data.keys()}
    if unknown := data.keys() - PARAMETERS.get(action, frozenset()):
        raise TypeError(f"{action} takes no {', '.join(sorted(unknown))}")
    if action in CONTENT:
        raise TypeError(f"content is changed by articles.workflow.{CONTENT[action]}")
    with database.atomic():
        act = Act(locked(article.pk), action, actor, timezone.now(), comment, data, batch)
        if act.article.version != expected_version:
            return _answer_stale(act, expected_version)
        check(act.article, action, actor, act.now)
        _check_reason(act)
        return _do(act)


def _do(act: Act) -> Article:
    if act.action is Action.PUBLISH_DRAFT:
        return publish_draft(act)
    if act.action is Action.SPIKE:
        _settle_reason(act)
    start = State(act.article.state)
    successor = act.data.pop("successor", None)
    carry_out(act, check_guards(act))
    take_over(act, start, successor)
    return act.article


def _settle_reason(act: Act) -> None:
    """The person's last reason is the next one's default."""
    known = Person.objects.filter(user=act.actor).values_list("spike_reason", flat=True).first()
    reason = spike_reason(act.data.get("reason"), known or "")
    act.data["reason"] = reason
    if reason != (known or ""):
        Person.objects.update_or_create(user=act.actor, defaults={"spike_reason": reason})


def _answer_stale(act: Act, expected_version: int) -> Article:
    last = audit.last_act(act.article)
    if last is not None and _is_repeat(act, last, expected_version):
        return act.article
    raise stale(act.article, act.now)


def _is_repeat(act: Act, last: Transition, expected_version: int) -> bool:
    said = {name: value for name, value in act.data.items() if name not in SAID_ONLY}
    if reason := said.pop("reason", ""):
        said_reason = str(reason)
        if last.reason != said_reason:
            return False
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
