"""Buttons over the workflow: what an editor may do to an article, and doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.transaction import atomic
from django.http import HttpRequest

from ..models import Article, Topic
from ..states import TABLE, Action, State
from ..workflow import ActRefused, allowed_actions, refusals, save, transition

LABELS = {
    Action.PUBLISH: "Publish",
    Action.REPUBLISH: "Publish again",
    Action.APPROVE: "Approve",
    Action.CLAIM: "Claim",
    Action.RELEASE: "Release",
    Action.RESUBMIT: "Resubmit",
    Action.REQUEST_CHANGES: "Send back",
    Action.UNSCHEDULE: "Unschedule",
    Action.UNPUBLISH: "Unpublish",
    Action.SPIKE: "Spike",
    Action.UNSPIKE: "Unspike",
    Action.WITHDRAW: "Withdraw",
    Action.REINSTATE: "Reinstate",
}
"""The buttons, in their order. Assigning and windows need more than a button."""

PRIMARY = (Action.PUBLISH, Action.REPUBLISH, Action.APPROVE)
STAYING = (Action.CLAIM, Action.RELEASE)
"""Acts after which the editor goes on with the same article; the others lead back to the list."""

INVERSES = (
    Action.REPUBLISH,
    Action.RELEASE,
    Action.RESUBMIT,
    Action.UNSCHEDULE,
    Action.UNSPIKE,
    Action.REINSTATE,
)
"""Acts that answer another act; where that never happened, nobody asks why they are refused."""

SHOWN_REFUSALS = 3


@dataclass(frozen=True)
class Button:
    """One action as the action bar shows it; `refusal` is empty when it may be pressed."""

    action: str
    label: str
    is_primary: bool
    asks_why: bool
    refusal: str = ""


def actor_of(request: HttpRequest) -> User:
    """The person who asks; raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def buttons(article: Article, actor: User) -> tuple[list[Button], list[Button]]:
    """(those that may be pressed, those that may not with the reason), in the bar's order."""
    refused = refusals(article, actor)
    made = [
        Button(
            action.value,
            label,
            is_primary=action in PRIMARY,
            asks_why=TABLE[action].asks_why,
            refusal=refused.get(action, ""),
        )
        for action, label in LABELS.items()
    ]
    allowed = [button for button in made if not button.refusal]
    return allowed, [b for b in made if b.refusal and Action(b.action) not in INVERSES]


def may_edit(article: Article, actor: User) -> bool:
    """Whether the actor may change the content of this article now, if only as a draft."""
    return bool({Action.EDIT, Action.SAVE_DRAFT} & set(allowed_actions(article, actor)))


def save_and_publish(
    article: Article,
    actor: User,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    topics: Sequence[Topic] | None = None,
) -> Article:
    """Save what an editor changed; of a live article a draft, published with it by who may."""
    with atomic():
        batch = uuid4().hex
        row = save(
            article,
            actor,
            changes,
            expected_version=expected_version,
            topics=topics,
            batch=batch,
        )
        if row.draft_id is None or Action.PUBLISH_DRAFT not in allowed_actions(row, actor):
            return row
        version = row.version
        return transition(row, Action.PUBLISH_DRAFT, actor, expected_version=version, batch=batch)


def act_on_many(
    articles: Iterable[Article],
    action: Action,
    actor: User,
    comment: str,
    versions: Mapping[int, int],
) -> tuple[int, Counter[str]]:
    """(how many were done, how many were refused for each reason), row by row.

    `versions` are those the list showed, by article id; rows beyond the page have the present one.
    """
    done, refused = 0, Counter[str]()
    for article in articles:
        try:
            transition(
                article,
                _meant(action, article),
                actor,
                expected_version=versions.get(article.pk, article.version),
                comment=comment,
            )
            done += 1
        except ActRefused as refusal:
            refused[str(refusal)] += 1
    return done, refused


def _meant(action: Action, article: Article) -> Action:
    if action is Action.PUBLISH and article.state == State.UNPUBLISHED:
        return Action.REPUBLISH
    return action


def summary(done: int, refused: Counter[str]) -> str:
    """`12 done, 3 refused: why (2); why (1).`"""
    said = f"{done} done"
    if not refused:
        return f"{said}."
    reasons = "; ".join(f"{why} ({count})" for why, count in refused.most_common(SHOWN_REFUSALS))
    more = "; …" if len(refused) > SHOWN_REFUSALS else ""
    return f"{said}, {refused.total()} refused: {reasons}{more}"
