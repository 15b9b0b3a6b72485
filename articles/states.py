"""States, actions and the transition table. Pure: nothing here knows the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class State(StrEnum):
    """Where an article stands. Scheduled and expired are `published` outside its window."""

    NEW = "new"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    SPIKED = "spiked"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """As people read it: `in review`."""
        return self.value.replace("_", " ")


class Action(StrEnum):
    """What a person can do to an article."""

    CLAIM = "claim"
    ASSIGN = "assign"
    RELEASE = "release"
    REQUEST_CHANGES = "request_changes"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    EDIT = "edit"
    PUBLISH = "publish"
    RESCHEDULE = "reschedule"
    UNSCHEDULE = "unschedule"
    SAVE_DRAFT = "save_draft"
    PUBLISH_DRAFT = "publish_draft"
    DISCARD_DRAFT = "discard_draft"
    UNPUBLISH = "unpublish"
    REPUBLISH = "republish"
    SPIKE = "spike"
    UNSPIKE = "unspike"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"

    @property
    def done(self) -> str:
        """What was done, as in "already published by Ana"."""
        return DONE[self]


DONE = {
    Action.CLAIM: "claimed",
    Action.ASSIGN: "assigned",
    Action.RELEASE: "released",
    Action.REQUEST_CHANGES: "sent back",
    Action.RESUBMIT: "resubmitted",
    Action.APPROVE: "approved",
    Action.EDIT: "edited",
    Action.PUBLISH: "published",
    Action.RESCHEDULE: "rescheduled",
    Action.UNSCHEDULE: "unscheduled",
    Action.SAVE_DRAFT: "saved as a draft",
    Action.PUBLISH_DRAFT: "published from its draft",
    Action.DISCARD_DRAFT: "freed of its draft",
    Action.UNPUBLISH: "unpublished",
    Action.REPUBLISH: "republished",
    Action.SPIKE: "spiked",
    Action.UNSPIKE: "unspiked",
    Action.WITHDRAW: "withdrawn",
    Action.REINSTATE: "reinstated",
}


class SpikeReason(StrEnum):
    """Why an article was rejected, in one word for the memory."""

    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"
    OLD_NEWS = "old_news"
    PRESS_RELEASE = "press_release"
    PROMOTION = "promotion"
    TOO_THIN = "too_thin"
    UNRELIABLE = "unreliable"
    WRONG_LANGUAGE = "wrong_language"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As people read it: `press release`."""
        return self.value.replace("_", " ")


UNDO = "undo"
"""What an audit row calls the act that takes another back; it has no row of its own in TABLE."""


class Target(StrEnum):
    """Where an action leads when that depends on the article."""

    CAME_FROM = "where it came from"
    SENT_BACK = "changes requested (a pending draft is sent back, the article stays published)"
    REVIEWED_AGAIN = "in review if approved or unpublished (REAPPROVE_ON_EDIT), else where it is"


class Need(StrEnum):
    """What an actor needs: a permission, or to be somebody."""

    REVIEW = "review"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CHANGE = "change"
    ASSIGNEE = "assignee"
    SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    `unreviewed` are further starts, open only while FOUR_EYES is off. `asks_why`: a comment is
    required. `is_guarded`: every publish guard must hold. `touches`: it counts as a decision,
    after which no file moves the state. `of_draft`: what is published needs a pending draft for it.
    """

    starts: tuple[State, ...]
    to: State | Target
    need: Need
    unreviewed: tuple[State, ...] = ()
    asks_why: bool = False
    is_guarded: bool = False
    touches: bool = True
    of_draft: bool = False

    def open_in(self, *, four_eyes: bool = False) -> tuple[State, ...]:
        """The states in which the action is open, in the order of `State`."""
        return _open_in(self, four_eyes)


@cache
def _open_in(rule: Rule, four_eyes: bool) -> tuple[State, ...]:
    # Asked dozens of times for each row of a list.
    starts = rule.starts if four_eyes else (*rule.unreviewed, *rule.starts)
    return tuple(state for state in State if state in starts)


TABLE: dict[Action, Rule] = {
    # A claim may be taken over, so that it is open in review too.
    Action.CLAIM: Rule(
        (State.NEW, State.IN_REVIEW, State.CHANGES_REQUESTED),
        State.IN_REVIEW,
        Need.REVIEW,
        touches=False,
    ),
    Action.ASSIGN: Rule(
        (State.NEW, State.IN_REVIEW, State.CHANGES_REQUESTED),
        State.IN_REVIEW,
        Need.REVIEW,
        touches=False,
    ),
    Action.RELEASE: Rule((State.IN_REVIEW,), Target.CAME_FROM, Need.ASSIGNEE, touches=False),
    Action.REQUEST_CHANGES: Rule(
        (State.IN_REVIEW, State.APPROVED, State.PUBLISHED),
        Target.SENT_BACK,
        Need.REVIEW,
        asks_why=True,
        of_draft=True,
    ),
    Action.RESUBMIT: Rule((State.CHANGES_REQUESTED,), State.IN_REVIEW, Need.CHANGE),
    Action.APPROVE: Rule(
        (State.NEW, State.IN_REVIEW), State.APPROVED, Need.APPROVE, is_guarded=True
    ),
    # What is published is changed by way of a draft.
    Action.EDIT: Rule(
        tuple(state for state in State if state not in (State.PUBLISHED, State.WITHDRAWN)),
        Target.REVIEWED_AGAIN,
        Need.CHANGE,
    ),
    Action.PUBLISH: Rule(
        (State.APPROVED,),
        State.PUBLISHED,
        Need.PUBLISH,
        unreviewed=(State.NEW, State.IN_REVIEW),
        is_guarded=True,
    ),
    Action.RESCHEDULE: Rule((State.PUBLISHED,), State.PUBLISHED, Need.PUBLISH),
    Action.UNSCHEDULE: Rule((State.PUBLISHED,), State.APPROVED, Need.PUBLISH),
    Action.SAVE_DRAFT: Rule((State.PUBLISHED,), State.PUBLISHED, Need.CHANGE),
    Action.PUBLISH_DRAFT: Rule(
        (State.PUBLISHED,), State.PUBLISHED, Need.PUBLISH, is_guarded=True, of_draft=True
    ),
    Action.DISCARD_DRAFT: Rule((State.PUBLISHED,), State.PUBLISHED, Need.CHANGE, of_draft=True),
    Action.UNPUBLISH: Rule((State.PUBLISHED,), State.UNPUBLISHED, Need.PUBLISH, asks_why=True),
    Action.REPUBLISH: Rule((State.UNPUBLISHED,), State.PUBLISHED, Need.PUBLISH, is_guarded=True),
    Action.SPIKE: Rule(
        (
            State.NEW,
            State.IN_REVIEW,
            State.CHANGES_REQUESTED,
            State.APPROVED,
            State.UNPUBLISHED,
        ),
        State.SPIKED,
        Need.REVIEW,
    ),
    Action.UNSPIKE: Rule((State.SPIKED,), Target.CAME_FROM, Need.REVIEW),
    Action.WITHDRAW: Rule(
        tuple(state for state in State if state is not State.WITHDRAWN),
        State.WITHDRAWN,
        Need.WITHDRAW,
        asks_why=True,
    ),
    Action.REINSTATE: Rule((State.WITHDRAWN,), State.IN_REVIEW, Need.SUPERUSER, asks_why=True),
}
"""Every transition of people. What is not listed is refused."""


def allowed(state: State, *, four_eyes: bool = False) -> list[Action]:
    """The actions open in a state, in the order of the table."""
    return [action for action, rule in TABLE.items() if state in rule.open_in(four_eyes=four_eyes)]


def refusal(action: Action, state: State, *, four_eyes: bool = False) -> str:
    """Why an action is not open in a state, as a sentence; empty when it is open."""
    rule = TABLE[action]
    if state in rule.open_in(four_eyes=four_eyes):
        return ""
    if state == rule.to:
        return f"This article is already {state.words}."
    starts = either([start.words for start in rule.open_in(four_eyes=four_eyes)])
    sentence = f"This article is {state.words}; only one that is {starts} can be {action.done}."
    if state in rule.unreviewed:
        sentence += " Two people have to see an article before readers do."
    return sentence


def destination(action: Action, state: State, came_from: str, *, reapprove: bool) -> State:
    """Where an action that is open leads; `reapprove`: an edit voids an approval.

    What was approved before it was spiked is reviewed again: its approval was void with the spike.
    """
    to = TABLE[action].to
    if isinstance(to, State):
        return to
    if to is Target.REVIEWED_AGAIN:
        voids = reapprove and state in (State.APPROVED, State.UNPUBLISHED)
        return State.IN_REVIEW if voids else state
    if to is Target.SENT_BACK:
        return state if state is State.PUBLISHED else State.CHANGES_REQUESTED
    origin = State(came_from or State.NEW)
    return State.IN_REVIEW if origin is State.APPROVED else origin


def either(words: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def markdown_rows() -> list[str]:
    """The table as rows of Markdown: action, from, to, needs, and whether it asks why."""
    rows = ["| action | from | to | needs | comment | guards |", "|---|---|---|---|---|---|"]
    for action, rule in TABLE.items():
        starts = ", ".join(
            f"{state.words}{' (without FOUR_EYES)' if state in rule.unreviewed else ''}"
            for state in rule.open_in()
        )
        cells = [
            action.value.replace("_", " "),
            starts,
            rule.to.words if isinstance(rule.to, State) else rule.to.value,
            rule.need.value,
            "required" if rule.asks_why else "",
            "all" if rule.is_guarded else "",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows
