"""How good a grouping is, measured against one made by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    """What of the one is in the other."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(right: Labels, found: Labels) -> Score:
    """The mean over articles of how much of each one's story is right, and of how much is there."""
    rights, founds = Counter(right), Counter(found)
    both = Counter(zip(right, found, strict=True))
    return Score(
        sum(n * n / founds[story] for (_, story), n in both.items()) / len(right),
        sum(n * n / rights[story] for (story, _), n in both.items()) / len(right),
    )


def pairs(right: Labels, found: Labels) -> Score:
    """The same of pairs of articles; without any pair nothing is wrong."""
    both = _pairs(zip(right, found, strict=True))
    return Score(both / (_pairs(found) or 1) if _pairs(found) else 1.0, both / (_pairs(right) or 1))


def _pairs(stories: object) -> int:
    counts = Counter(stories)  # type: ignore[call-overload]
    return sum(n * (n - 1) // 2 for n in counts.values())
