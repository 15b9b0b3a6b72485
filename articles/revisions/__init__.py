"""What an article was: its revisions as files, compared and restored."""

from .compare import Difference, Version, compare
from .lists import Fate, Item
from .words import Span

__all__ = ["Difference", "Fate", "Item", "Span", "Version", "compare"]
