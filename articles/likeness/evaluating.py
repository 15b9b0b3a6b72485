"""Labelled articles, arriving one by one among the others of their time: how well it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .grouping import Grouping, Met
from .piece import Piece
from .reading import read
from .scoring import Score, b_cubed, pairs
from .weights import MODEL, Model

SHOWN = 5
"""Suggestions that an editor is shown."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`right` and `found`: the events and stories in order of arrival. `recalls` has a number for
    each arrival that had earlier articles of its event: how many of them, of five at most, are
    among the five likest."""

    articles: int
    events: int
    stories: Score
    pairs: Score
    recalls: list[float]
    right: list[str]
    found: list[int]

    @property
    def recall(self) -> float:
        """The mean of `recalls`; 1 when no article had another of its event."""
        return sum(self.recalls) / len(self.recalls) if self.recalls else 1.0

    @property
    def hit_rate(self) -> float:
        """How often at least one of the five was right."""
        hits = sum(recall > 0 for recall in self.recalls)
        return hits / len(self.recalls) if self.recalls else 1.0


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """As they arrive."""
    return sorted(pieces, key=lambda piece: (piece.published_at, piece.key))


def evaluate(pieces: Iterable[Piece], events: Mapping[str, str], model: Model = MODEL) -> Figures:
    """Let the labelled of the pieces (`events`: key → event, empty when alone) arrive one by one.

    The others only tell how rare words were until then: nothing is known of what comes later.
    """
    grouping = Grouping(model)
    right: list[str] = []
    found: list[int] = []
    recalls: list[float] = []
    for piece in in_order(pieces):
        reading = read(piece)
        grouping.rarity.count(reading.text)
        if piece.key not in events:
            continue
        event = events[piece.key] or piece.key
        met = grouping.meet(reading)
        earlier = right.count(event)
        if earlier:
            hits = sum((events[one.key] or one.key) == event for one in _likest(met))
            recalls.append(hits / min(SHOWN, earlier))
        right.append(event)
        found.append(grouping.arrive(reading, met))
    return Figures(
        len(right),
        len(set(right)),
        b_cubed(right, found),
        pairs(right, found),
        recalls,
        right,
        found,
    )


def _likest(met: list[Met]) -> list[Piece]:
    by_score = sorted(met, key=lambda one: (-one.likeness.score, one.reading.piece.key))
    return [one.reading.piece for one in by_score[:SHOWN]]
