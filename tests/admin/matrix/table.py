"""Who may do what, written by hand from the specification's "Roles" and "Transitions".

Nothing here is read from the code under test: where both disagree, one of them is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = (
    "anonymous",
    "contributor",
    "editor",
    "publisher",
    "managing editor",
    "auditor",
    "superuser",
)
UNNAMED = "no role"
"""An account with a desk but no role: it sees no content and does nothing."""

_LOOKS = frozenset({"desk", "view"})
_CONTRIBUTES = _LOOKS | {"add", "change own"}
_EDITS = _CONTRIBUTES | {"change", "review", "rank", "story acts"}
_PUBLISHES = _EDITS | {"approve", "publish"}
_MANAGES = _PUBLISHES | {
    *("withdraw", "take over", "override", "import", "export", "topics", "policy", "people")
}

RIGHTS: dict[str, frozenset[str]] = {
    "anonymous": frozenset(),
    UNNAMED: frozenset({"desk"}),
    "auditor": _LOOKS,
    "contributor": _CONTRIBUTES,
    "editor": _EDITS,
    "publisher": _PUBLISHES,
    "managing editor": _MANAGES,
    "superuser": _MANAGES | {"accounts", "reinstate"},
}
"""What each role may; `desk`: sign in, with one's own settings."""

STANDINGS: dict[str, str] = {
    "new": "new",
    "in review": "in_review",
    "sent back": "changes_requested",
    "approved": "approved",
    "live": "published",
    "scheduled": "published",
    "drafted": "published",
    "unpublished": "unpublished",
    "spiked": "spiked",
    "withdrawn": "withdrawn",
}
"""Every state, `published` in three ways: live, waiting for its time, with a pending draft."""

_PUBLIC = ("live", "scheduled", "drafted")
_UNDECIDED = ("new", "in review", "sent back", "approved", "unpublished")
_EDITABLE = (*_UNDECIDED, "spiked")


@dataclass(frozen=True)
class Rule:
    """One action: who needs what right, from where, and the state it leads to (empty: the same)."""

    right: str
    starts: tuple[str, ...]
    to: str


TRANSITIONS: dict[str, Rule] = {
    "claim": Rule("review", ("new", "in review", "sent back"), "in_review"),
    "assign": Rule("review", ("new", "in review", "sent back"), "in_review"),
    "release": Rule("take over", ("in review",), "new"),
    "request_changes": Rule("review", ("in review", "approved", "drafted"), "changes_requested"),
    "resubmit": Rule("change", ("sent back",), "in_review"),
    "approve": Rule("approve", ("new", "in review"), "approved"),
    "publish": Rule("publish", ("new", "in review", "approved"), "published"),
    "reschedule": Rule("publish", _PUBLIC, "published"),
    "unschedule": Rule("publish", ("scheduled",), "approved"),
    "publish_draft": Rule("publish", ("drafted",), "published"),
    "discard_draft": Rule("change", ("drafted",), "published"),
    "unpublish": Rule("publish", _PUBLIC, "unpublished"),
    "republish": Rule("publish", ("unpublished",), "published"),
    "spike": Rule("review", _UNDECIDED, "spiked"),
    "unspike": Rule("review", ("spiked",), "new"),
    "withdraw": Rule("withdraw", (*_UNDECIDED, *_PUBLIC, "spiked"), "withdrawn"),
    "reinstate": Rule("reinstate", ("withdrawn",), "in_review"),
}
"""With FOUR_EYES off, as it is by default."""

EDIT = Rule("change", (*_EDITABLE, *_PUBLIC), "")
RANK = Rule("rank", (*_EDITABLE, *_PUBLIC), "")
EXPORT = Rule("export", tuple(STANDINGS), "")
VOIDED = ("approved", "unpublished")
"""Standings that an edit of the text sends to review again."""


def may(role: str, right: str, *, is_own: bool = False) -> bool:
    """Whether the role has the right; a contributor's `change` is for what he wrote himself."""
    rights = RIGHTS[role]
    return right in rights or (right == "change" and is_own and "change own" in rights)


def may_act(role: str, action: str, standing: str, *, is_own: bool) -> bool:
    """Whether that role may do the action to an article that stands so.

    `is_own`: written by that person and, in review, claimed by that person if reviewing is theirs;
    others were written and are held by a colleague.
    """
    rule = TRANSITIONS[action]
    if standing not in rule.starts:
        return False
    if standing == "in review" and action in ("claim", "assign", "release"):
        return _may_claimed(role, action, holds=is_own and may(role, "review"))
    return may(role, rule.right, is_own=is_own)


def _may_claimed(role: str, action: str, *, holds: bool) -> bool:
    """What is claimed just now: its holder hands it on, others need to take it over."""
    if action == "claim":
        return not holds and may(role, "take over")
    return holds or may(role, "take over")


def may_edit(role: str, standing: str, *, is_own: bool) -> bool:
    """Whether that role may change the text, if only as a draft."""
    return standing in EDIT.starts and may(role, EDIT.right, is_own=is_own)


def leads_to(action: str, standing: str) -> str:
    """The state after an action; a draft that is sent back stays published."""
    is_sent_back = action == "request_changes" and standing == "drafted"
    return "published" if is_sent_back else TRANSITIONS[action].to


def edited(standing: str) -> str:
    """The state after an edit of the text."""
    return "in_review" if standing in VOIDED else STANDINGS[standing]
