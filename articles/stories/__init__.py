"""Stories: what belongs together, what it scores, where it stands."""

from .counts import refresh

__all__ = ["refresh"]
