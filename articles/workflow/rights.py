"""Who may do what to an article as it stands, apart from the guards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from ..models import Article
from ..states import TABLE, Action, Need, State, refusal
from .audit import is_written_by, last_content_editor
from .errors import ActRefused, NotPermitted, WrongState
from .wording import ago, name_of

PERMISSIONS = {
    Need.REVIEW: "articles.review",
    Need.APPROVE: "articles.approve",
    Need.PUBLISH: "articles.publish",
    Need.WITHDRAW: "articles.withdraw",
}
TAKING_OVER = "articles.take_over"
OVERRIDING = "articles.override_guards"
RANKING = "articles.rank"


def allowed_actions(article: Article, actor: User) -> list[Action]:
    """What the actor may do now, in the order of the table; publish guards are not asked."""
    return [action for action, why in refusals(article, actor).items() if not why]


def refusals(article: Article, actor: User) -> dict[Action, str]:
    """Every action with the sentence that says why it is refused; empty when it is allowed."""
    now = timezone.now()
    found = {}
    for action in TABLE:
        try:
            check(article, action, actor, now)
            found[action] = ""
        except ActRefused as why:
            found[action] = str(why)
    return found


def check(article: Article, action: Action, actor: User, now: datetime) -> None:
    """Raises WrongState or NotPermitted when the actor may not do that to the article."""
    if why := refusal(action, State(article.state), four_eyes=settings.FOUR_EYES):
        raise WrongState(why)
    _check_need(article, action, actor)
    if action in (Action.CLAIM, Action.ASSIGN):
        _check_claim(article, action, actor, now)
    if action is Action.UNSCHEDULE and article.go_live_at and article.go_live_at <= now:
        raise WrongState("This article has gone live; only one that waits can be unscheduled.")
    if action is Action.APPROVE and settings.FOUR_EYES and _is_last_editor(article, actor):
        raise NotPermitted("You edited it last; somebody else has to approve it.")
    if action is Action.EDIT and article.state == State.PUBLISHED:
        _check_live_edit(actor)


def check_ranking(article: Article, actor: User) -> None:
    """Raises like `check`, for the part of an edit that only places the article."""
    if why := refusal(Action.EDIT, State(article.state)):
        raise WrongState(why)
    if not actor.has_perm(RANKING):
        raise _lacks("rank")


def may_change(article: Article, actor: User) -> bool:
    """Whether the text is the actor's to edit: everybody's for an editor, his own for a writer."""
    if actor.has_perm("articles.change_article"):
        return True
    return actor.has_perm("articles.add_article") and is_written_by(article, actor)


def _check_need(article: Article, action: Action, actor: User) -> None:
    need = TABLE[action].need
    if need is Need.SUPERUSER:
        is_met = actor.is_active and actor.is_superuser
    elif need is Need.ASSIGNEE:
        _check_release(article, actor)
        return
    elif need is Need.CHANGE:
        is_met = may_change(article, actor)
    else:
        is_met = actor.has_perm(PERMISSIONS[need])
    if not is_met:
        raise _lacks(need)


def _check_release(article: Article, actor: User) -> None:
    if article.assignee_id is None:
        raise WrongState("Nobody has claimed this article.")
    is_own = article.assignee_id == actor.pk and actor.is_active
    if not is_own and not actor.has_perm(TAKING_OVER):
        raise NotPermitted(f"{name_of(article.assignee)} has claimed it.")


def _check_claim(article: Article, action: Action, actor: User, now: datetime) -> None:
    holder = article.assignee
    if holder is None:
        return
    if holder.pk == actor.pk:
        if action is Action.CLAIM:
            raise WrongState("You have claimed it already.")
        return
    idle = timedelta(minutes=settings.CLAIM_IDLE_MINUTES)
    is_idle = article.claimed_at is None or now - article.claimed_at >= idle
    if holder.is_active and not is_idle and not actor.has_perm(TAKING_OVER):
        since = ago(now - article.claimed_at) if article.claimed_at else ""
        raise NotPermitted(f"{name_of(holder)} claimed it {since}.")


def _is_last_editor(article: Article, actor: User) -> bool:
    return last_content_editor(article) == actor.pk


def _check_live_edit(actor: User) -> None:
    if settings.FOUR_EYES:
        raise WrongState("Two people have to see a change of a live article; unpublish it first.")
    if not actor.has_perm(PERMISSIONS[Need.PUBLISH]):
        raise NotPermitted("It is published; changing it needs the permission to publish.")


def _lacks(need: str) -> NotPermitted:
    if need == Need.SUPERUSER:
        return NotPermitted("Only a superuser may do this.")
    return NotPermitted(f"This needs the permission to {need}.")
