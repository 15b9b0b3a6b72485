"""How acts are told to people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from ..models import Article, Transition
from ..states import DONE, Action, SpikeReason, State
from .audit import last_act
from .errors import StaleVersion


def name_of(person: User | None) -> str:
    """A person's name as colleagues read it."""
    if person is None:
        return "somebody"
    return person.get_full_name() or person.get_username()


def ago(time: timedelta) -> str:
    """`2 s ago`, `5 min ago`, `3 h ago`, `1 day ago`."""
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 86_400:
        return f"{seconds // 3600} h ago"
    days = seconds // 86_400
    return f"{days} day{'' if days == 1 else 's'} ago"


def stale(article: Article, now: datetime) -> StaleVersion:
    """Who acted on the article meanwhile, and when."""
    last = last_act(article)
    if last is None:
        return StaleVersion("The article has changed meanwhile. Look at it again.")
    when = ago(now - last.at)
    if last.actor is None:
        return StaleVersion(f"Changed by an import {when}. Look at it again.")
    known = last.action in set(Action)
    done = DONE[Action(last.action)] if known else "changed"
    return StaleVersion(f"Already {done} by {name_of(last.actor)} {when}. Look at it again.")


def remembered(article: Article, act: Transition | None) -> str:
    """`coast-a with the same link is spiked (by Ana on 3 May 2024: press release)`."""
    said = f"{article.slug} with the same link is {State(article.state).words}"
    if act is None:
        return said
    reason = SpikeReason(act.reason).words if act.reason in set(SpikeReason) else ""
    why = ", ".join(part for part in (reason, act.comment) if part)
    day = f"{act.at.day} {act.at:%B %Y}"
    return f"{said} (by {name_of(act.actor)} on {day}{f': {why}' if why else ''})"
