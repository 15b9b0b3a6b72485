"""What a press in triage does, and how its result is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict

from ..models import Article, Transition
from ..states import Action, SpikeReason
from ..stories.acts import NotPossible, attach
from ..workflow import ActRefused, edit, meant_by, transition, undo
from ..workflow.wording import done_words
from .triage_queue import number_of

TEN = 10
"""A digit sets so many times itself as the quality."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one press. `moves`: the walk goes on to the next article."""

    is_done: bool
    says: str
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """One press as the page sent it; `version` is the one the page showed."""

    article: Article
    actor: User
    name: str
    version: int
    value: str
    comment: str
    reason: str


def carry_out(article: Article, actor: User, sent: QueryDict) -> Outcome:
    """Do what was pressed, through the workflow; refusals come back as sentences.

    Repeating a press that was done answers as done, so that a page may send it until it hears.
    """
    name, _, value = sent.get("act", "").partition(":")
    press = Press(
        article,
        actor,
        name,
        number_of(sent.get("version", "")),
        value,
        sent.get("comment", "").strip(),
        sent.get("reason", ""),
    )
    do = PRESSES.get(name)
    if do is None:
        raise PermissionDenied
    try:
        return do(press)
    except ValidationError as wrong:
        return _refused(press, " ".join(wrong.messages))
    except (ActRefused, NotPossible, PermissionDenied) as why:
        return _refused(press, str(why) or "You may not do this.")


def _refused(press: Press, why: str) -> Outcome:
    return Outcome(is_done=False, says=f"Not done to “{press.article.title}”: {why}")


def _decide(press: Press) -> Outcome:
    action = meant_by(Action(press.name), press.article)
    said: dict[str, Any] = {}
    reason = press.value or press.reason
    if action is Action.SPIKE and reason in set(SpikeReason):
        said["reason"] = SpikeReason(reason)
    transition(
        press.article,
        action,
        press.actor,
        expected_version=press.version,
        comment=press.comment,
        **said,
    )
    says = f"{action.done.capitalize()}: {press.article.title}"
    return Outcome(is_done=True, says=says, moves=action is not Action.CLAIM)


def _rate(press: Press) -> Outcome:
    if len(press.value) != 1 or not press.value.isdecimal():
        raise PermissionDenied
    quality = int(press.value) * TEN
    edit(press.article, press.actor, {"quality": quality}, expected_version=press.version)
    return Outcome(is_done=True, says=f"Quality {quality}: {press.article.title}")


def _attach(press: Press) -> Outcome:
    other = Article.objects.filter(pk=number_of(press.value)).first()
    if other is None:
        raise NotPossible("That article is gone.")
    lead = Article.objects.get(story=other.story_id, is_lead=True)
    says = f"Put into the story of “{lead.title}”: {press.article.title}"
    if press.article.story_id != lead.story_id:
        attach(press.article, lead, press.actor, expected_version=press.version)
    return Outcome(is_done=True, says=says, moves=True)


def _undo(press: Press) -> Outcome:
    act = Transition.objects.filter(pk=number_of(press.value), actor=press.actor).first()
    if act is None:
        raise NotPossible("Only who did it can undo it.")
    says = f"Undone, {done_words(act.action)}: {press.article.title}"
    if Transition.objects.filter(undoes=act, actor=press.actor).exists():
        return Outcome(is_done=True, says=says)
    result = undo(press.actor, batch=act.batch) if act.batch else undo(press.actor, act=act)
    if not result.done:
        raise NotPossible(" ".join(why for _, why in result.refused))
    more = len(result.done) - 1
    return Outcome(is_done=True, says=f"{says} and {more} more" if more else says)


PRESSES: dict[str, Callable[[Press], Outcome]] = {
    "approve": _decide,
    "publish": _decide,
    "spike": _decide,
    "claim": _decide,
    "quality": _rate,
    "attach": _attach,
    "undo": _undo,
}
