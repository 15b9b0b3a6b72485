"""Whether two articles report the same event, and which story an arrival belongs to. Pure."""

from .cohesion import alike, strangers
from .comparing import Likeness, compare
from .evaluating import Figures, evaluate
from .grouping import Belonging, Grouping, Met, belongings, meet
from .piece import Piece
from .rarity import Rarity
from .reading import Reading, read

__all__ = [
    "Belonging",
    "Figures",
    "Grouping",
    "Likeness",
    "Met",
    "Piece",
    "Rarity",
    "Reading",
    "alike",
    "belongings",
    "compare",
    "evaluate",
    "meet",
    "read",
    "strangers",
]
