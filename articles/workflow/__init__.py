"""The only door to state: people come in by `transition` and `edit`, files by `admission`."""

from .door import transition
from .editing import edit
from .errors import (
    ActRefused,
    GuardFailure,
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
)
from .guards import failures
from .rights import allowed_actions, refusals

__all__ = [
    "ActRefused",
    "GuardFailure",
    "GuardsFailed",
    "NotPermitted",
    "ReasonMissing",
    "StaleVersion",
    "WrongState",
    "allowed_actions",
    "edit",
    "failures",
    "refusals",
    "transition",
]
