"""Buttons over the workflow: what an editor may do to an article, and doing it."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ..models import Article
from ..states import Action
from ..workflow import allowed_actions

LABELS = {
    Action.PUBLISH_DRAFT: "Publish draft",
    Action.PUBLISH: "Publish",
    Action.REPUBLISH: "Publish again",
    Action.APPROVE: "Approve",
    Action.CLAIM: "Claim",
    Action.ASSIGN: "Assign",
    Action.RELEASE: "Release",
    Action.RESUBMIT: "Resubmit",
    Action.REQUEST_CHANGES: "Send back",
    Action.DISCARD_DRAFT: "Discard draft",
    Action.RESCHEDULE: "Reschedule",
    Action.UNSCHEDULE: "Unschedule",
    Action.UNPUBLISH: "Unpublish",
    Action.SPIKE: "Spike",
    Action.UNSPIKE: "Unspike",
    Action.WITHDRAW: "Withdraw",
    Action.REINSTATE: "Reinstate",
}
"""The buttons, in their order."""

PRIMARY = (Action.PUBLISH_DRAFT, Action.PUBLISH, Action.REPUBLISH, Action.APPROVE)
STAYING = (
    *(Action.CLAIM, Action.RELEASE, Action.RESCHEDULE),
    *(Action.PUBLISH_DRAFT, Action.DISCARD_DRAFT),
)
"""Acts after which the editor goes on with the same article; the others lead back to the list."""

INVERSES = (
    Action.PUBLISH_DRAFT,
    Action.DISCARD_DRAFT,
    Action.RESCHEDULE,
    Action.REPUBLISH,
    Action.RELEASE,
    Action.RESUBMIT,
    Action.UNSCHEDULE,
    Action.UNSPIKE,
    Action.REINSTATE,
)
"""Acts that answer another act; where that never happened, nobody asks why they are refused."""

SHOWN_REFUSALS = 3


def actor_of(request: HttpRequest) -> User:
    """The person who asks; raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def may_edit(article: Article, actor: User) -> bool:
    """Whether the actor may change the content of this article now, if only as a draft."""
    return bool({Action.EDIT, Action.SAVE_DRAFT} & set(allowed_actions(article, actor)))


def summary(done: int, refused: Counter[str]) -> str:
    """`12 done, 3 refused: why (2); why (1).`"""
    said = f"{done} done"
    if not refused:
        return f"{said}."
    reasons = "; ".join(f"{why} ({count})" for why, count in refused.most_common(SHOWN_REFUSALS))
    more = "; …" if len(refused) > SHOWN_REFUSALS else ""
    return f"{said}, {refused.total()} refused: {reasons}{more}"
