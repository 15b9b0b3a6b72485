"""What an article was: its revisions as files, compared and restored."""

from .compare import Difference, Version, compare
from .lists import Fate, Item
from .restoring import restore
from .stored import revision_now, text_of, version_now, version_of
from .words import Span

__all__ = [
    "Difference",
    "Fate",
    "Item",
    "Span",
    "Version",
    "compare",
    "restore",
    "revision_now",
    "text_of",
    "version_now",
    "version_of",
]
