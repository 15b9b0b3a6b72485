"""Who may do what to an article as it stands, apart from the guards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from ..models import Article
from ..states import TABLE, Action, Need, State, refusal
from .audit import Acts, is_written_by, last_content_editor, last_drafter
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


def check(
    article: Article, action: Action, actor: User, now: datetime, acts: Acts | None = None
) -> None:
    """Raises WrongState or NotPermitted when the actor may not do that to the article.

    `acts` spares the question what was done to it.
    """
    if why := refusal(action, State(article.state), four_eyes=settings.FOUR_EYES):
        raise WrongState(why)
    _check_draft(article, action)
    _check_need(article, action, actor, acts)
    if action in (Action.CLAIM, Action.ASSIGN):
        _check_claim(article, action, actor, now)
    if action is Action.UNSCHEDULE and article.go_live_at and article.go_live_at <= now:
        raise WrongState("This article has gone live; only one that waits can be unscheduled.")
    if settings.FOUR_EYES:
        _check_other_eyes(article, action, actor, acts)


def check_ranking(article: Article, actor: User) -> None:
    """Raises like `check`, for the part of an edit that only places the article."""
    if article.state == State.WITHDRAWN:
        raise WrongState(refusal(Action.EDIT, State.WITHDRAWN))
    if not actor.has_perm(RANKING):
        raise _lacks("rank")


def may_change(article: Article, actor: User, acts: Acts | None = None) -> bool:
    """Whether the text is the actor's to edit: everybody's for an editor, his own for a writer."""
    if actor.has_perm("articles.change_article"):
        return True
    return actor.has_perm("articles.add_article") and is_written_by(article, actor, acts)


def _check_draft(article: Article, action: Action) -> None:
    is_missing = article.state == State.PUBLISHED and article.draft_id is None
    if is_missing and TABLE[action].of_draft:
        raise WrongState("This article has no pending draft.")


def _check_need(article: Article, action: Action, actor: User, acts: Acts | None = None) -> None:
    need = TABLE[action].need
    if need is Need.SUPERUSER:
        is_met = actor.is_active and actor.is_superuser
    elif need is Need.ASSIGNEE:
        _check_release(article, actor)
        return
    elif need is Need.CHANGE:
        is_met = may_change(article, actor, acts)
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


def _check_other_eyes(article: Article, action: Action, actor: User, acts: Acts | None) -> None:
    if action is Action.APPROVE and last_content_editor(article, acts) == actor.pk:
        raise NotPermitted("You edited it last; somebody else has to approve it.")
    if action is Action.PUBLISH_DRAFT and last_drafter(article, acts) == actor.pk:
        raise NotPermitted("You changed the draft last; somebody else has to publish it.")


def _lacks(need: str) -> NotPermitted:
    if need == Need.SUPERUSER:
        return NotPermitted("Only a superuser may do this.")
    return NotPermitted(f"This needs the permission to {need}.")
