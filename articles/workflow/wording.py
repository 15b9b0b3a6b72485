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


def doer_of(act: Transition) -> str:
    """Whoever did it as colleagues read it: a person, the file of an import, or a policy."""
    if act.actor_id is not None:
        return name_of(act.actor)
    return "the file" if act.run_id else "the newsroom itself"


OTHER_DONE = {
    "attach": "joined to a story",
    "detach": "taken out of its story",
    "merge": "merged",
    "move": "moved",
    "not_the_same": "told apart",
    "picture": "seen to as to its picture",
    "place": "placed",
    "split": "split off",
    "swap_lead": "swapped in the lead",
    "unplace": "freed of its place",
    "create": "made",
    "undo": "taken back",
    "clear": "put into the backlog",
    "import_create": "brought",
    "import_publish": "published",
    "import_retract": "unpublished",
    "import_withdraw": "withdrawn",
    "import_reopen": "sent back to review",
    "import_removal": "asked to be removed",
    "import_reinstate": "brought back",
    "import_draft": "given a pending draft",
    "keep_removed": "kept though its file removed it",
    "resolve_conflict": "settled with its file",
}
"""The same for acts that are no transition of people."""


def done_words(action: str) -> str:
    """What was done, as in "never spiked"; by files and on stories, too."""
    if action in set(Action):
        return DONE[Action(action)]
    return OTHER_DONE.get(action, action.replace("_", " "))


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
        by = "an import" if last.run_id else "the newsroom itself"
        return StaleVersion(f"Changed by {by} {when}. Look at it again.")
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
