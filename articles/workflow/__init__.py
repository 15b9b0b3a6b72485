"""The only door to state: people come in by `transition` and `edit`, files by `admission`."""

from .door import transition
from .drafts import Draft, draft_of, save_draft
from .editing import edit, save
from .errors import (
    ActRefused,
    GuardFailure,
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
)
from .foresight import Forecast, foresee, meant_by
from .guards import failures
from .leads import successors
from .notes import add_note, resolve_note
from .rights import allowed_actions, refusals
from .rows import locked
from .undoing import Undone, last_of, undo, undoable
from .upstream import answer_removal

__all__ = [
    "ActRefused",
    "Draft",
    "Forecast",
    "GuardFailure",
    "GuardsFailed",
    "NotPermitted",
    "ReasonMissing",
    "StaleVersion",
    "Undone",
    "WrongState",
    "add_note",
    "allowed_actions",
    "answer_removal",
    "draft_of",
    "edit",
    "failures",
    "foresee",
    "last_of",
    "locked",
    "meant_by",
    "refusals",
    "resolve_note",
    "save",
    "save_draft",
    "successors",
    "transition",
    "undo",
    "undoable",
]
