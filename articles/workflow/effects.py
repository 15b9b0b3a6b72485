"""What each action does to the row, besides its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from ..images.withdrawing import take_back, withdraw_later
from ..models import Article
from ..states import Action, State
from .errors import WrongState

WINDOW = frozenset({"go_live_at", "expire_at"})
PARAMETERS: dict[Action, frozenset[str]] = {
    Action.ASSIGN: frozenset({"assignee"}),
    Action.APPROVE: frozenset({"override"}),
    Action.PUBLISH_DRAFT: frozenset({"override", "public_note"}),
    Action.UNPUBLISH: frozenset({"successor"}),
    Action.SPIKE: frozenset({"reason", "successor"}),
    Action.WITHDRAW: frozenset({"public_note", "successor"}),
    Action.PUBLISH: WINDOW | {"override"},
    Action.REPUBLISH: WINDOW | {"override"},
    Action.RESCHEDULE: WINDOW,
}
"""What may be said along with each action."""


@dataclass(frozen=True, slots=True)
class Act:
    """One action by one person on a locked row; `data` as in PARAMETERS, `now` aware."""

    article: Article
    action: Action
    actor: User
    now: datetime
    comment: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    batch: str = ""

    @property
    def goes_live_at(self) -> datetime:
        """When readers will see it: as asked for, else as it was scheduled, else now."""
        standing = self.article.go_live_at if self.action is Action.RESCHEDULE else None
        asked: datetime | None = self.data.get("go_live_at")
        return asked or standing or self.now


def apply(act: Act, to: State) -> None:
    """Change the row as the action asks, state included; raises ValidationError by field."""
    article, start = act.article, State(act.article.state)
    if effect := EFFECTS.get(act.action):
        effect(act)
    if to is not State.PUBLISHED:
        article.go_live_at = article.expire_at = None
        # Its text stays among the revisions.
        article.draft = article.draft_base = None
    if to is not State.IN_REVIEW:
        article.assignee = article.claimed_at = None
    if start is State.IN_REVIEW and to not in (State.IN_REVIEW, State.SPIKED):
        article.came_from = ""
    if to is State.WITHDRAWN:
        article.removed_upstream_at = None
        withdraw_later([article])
    # Whatever somebody acts on is put aside no longer.
    article.is_backlog = False
    _remember_first_publication(article, to, act.now)
    article.state = to


def _remember_first_publication(article: Article, to: State, now: datetime) -> None:
    """A publication that never happened leaves no trace: nobody saw what was only scheduled."""
    first = article.first_published_at
    if first is None or first > now:
        article.first_published_at = article.go_live_at if to is State.PUBLISHED else None


def _claim(act: Act) -> None:
    _give(act, act.actor)


def _assign(act: Act) -> None:
    person = act.data.get("assignee")
    if not isinstance(person, User):
        raise ValidationError({"assignee": "Name the person to assign it to."})
    if not person.has_perm("articles.review"):
        raise ValidationError({"assignee": "That person may not review articles."})
    _give(act, person)


def _give(act: Act, person: User) -> None:
    article = act.article
    if article.state != State.IN_REVIEW or article.assignee_id is None:
        article.came_from = article.state
    article.assignee, article.claimed_at = person, act.now


def _release(act: Act) -> None:
    article = act.article
    article.assignee, article.claimed_at, article.came_from = None, None, ""


def _void_approval(act: Act) -> None:
    if act.article.state != State.PUBLISHED or act.action is not Action.REQUEST_CHANGES:
        act.article.approved_revision = None


def _discard(act: Act) -> None:
    act.article.draft = act.article.draft_base = None


def _spike(act: Act) -> None:
    act.article.came_from = act.article.state
    _void_approval(act)


def _unspike(act: Act) -> None:
    act.article.came_from = ""


def _open_window(act: Act) -> None:
    _set_window(act, act.goes_live_at, act.data.get("expire_at"))


def _move_window(act: Act) -> None:
    if not WINDOW & act.data.keys():
        raise WrongState("Say when it should go live or expire.")
    expire_at = act.data.get("expire_at", act.article.expire_at)
    _set_window(act, act.goes_live_at, expire_at)


def in_utc(name: str, moment: datetime | None) -> datetime | None:
    """A moment of a window; raises ValidationError for one that has no zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValidationError({name: "This should be a date and time with a zone."})
    return moment.astimezone(UTC)


def _set_window(act: Act, go_live_at: datetime, expire_at: datetime | None) -> None:
    if expire_at is not None and expire_at <= max(go_live_at, act.now):
        raise ValidationError(
            {"expire_at": "It should expire later than now and than it goes live."}
        )
    act.article.go_live_at, act.article.expire_at = go_live_at, expire_at


EFFECTS: dict[Action, Callable[[Act], None]] = {
    Action.CLAIM: _claim,
    Action.ASSIGN: _assign,
    Action.RELEASE: _release,
    Action.REQUEST_CHANGES: _void_approval,
    Action.DISCARD_DRAFT: _discard,
    Action.PUBLISH: _open_window,
    Action.REPUBLISH: _open_window,
    Action.RESCHEDULE: _move_window,
    Action.SPIKE: _spike,
    Action.UNSPIKE: _unspike,
    Action.WITHDRAW: _void_approval,
    Action.REINSTATE: lambda act: take_back(act.article),
}
