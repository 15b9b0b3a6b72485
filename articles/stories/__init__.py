"""Stories: what belongs together, what it scores, where it stands."""

from ..workflow.leads import swap_lead
from .acts import NotPossible, attach, detach
from .counts import refresh

__all__ = ["NotPossible", "attach", "detach", "refresh", "swap_lead"]
