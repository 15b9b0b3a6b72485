"""Why an act was refused, in a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class GuardFailure:
    """One thing that stands between an article and its readers.

    `field` is the column to mend. An editorial one may be overridden with a reason.
    """

    field: str
    message: str
    is_editorial: bool = False


class ActRefused(Exception):
    """Nothing was changed; `str()` is the sentence that says why."""


class WrongState(ActRefused):
    """The table does not list the action for this state, or its own condition does not hold."""


class NotPermitted(ActRefused, PermissionDenied):
    """The actor may not do this to this article."""


class StaleVersion(ActRefused):
    """Somebody acted on the article after the version that the actor saw."""


class ReasonMissing(ActRefused):
    """The action asks why, and nothing was said."""


class GuardsFailed(ActRefused):
    """Publish guards do not hold; `failures` names all of them."""

    def __init__(self, failures: Sequence[GuardFailure]) -> None:
        super().__init__(" ".join(failure.message for failure in failures))
        self.failures = tuple(failures)
