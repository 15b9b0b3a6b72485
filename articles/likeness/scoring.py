"""How good a grouping is, measured against one made by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
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


def b_cubed(right: Labels, found: Labels, of: Collection[int] | None = None) -> Score:
    """The mean over articles of how much of each one's story is right, and of how much is there.

    `of` are the places of those that count, all unless given.
    """
    rights, founds = Counter(right), Counter(found)
    both = Counter(zip(right, found, strict=True))
    counted = range(len(right)) if of is None else of
    shared = [(both[right[at], found[at]], right[at], found[at]) for at in counted]
    return Score(
        sum(n / founds[story] for n, _, story in shared) / len(shared),
        sum(n / rights[event] for n, event, _ in shared) / len(shared),
    )


def pairs(right: Labels, found: Labels) -> Score:
    """The same of pairs of articles; without any pair nothing is wrong."""
    both, put = _pairs(zip(right, found, strict=True)), _pairs(found)
    return Score(both / put if put else 1.0, both / (_pairs(right) or 1))


def _pairs(stories: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(stories).values())
