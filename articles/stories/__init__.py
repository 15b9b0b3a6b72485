"""Stories: what belongs together, what it scores, where it stands."""

from ..workflow.leads import swap_lead
from .acts import NotPossible, attach, detach, move, split, tell_apart
from .counts import refresh
from .merging import merge

__all__ = [
    "NotPossible",
    "attach",
    "detach",
    "merge",
    "move",
    "refresh",
    "split",
    "swap_lead",
    "tell_apart",
]
