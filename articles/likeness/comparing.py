"""How likely two articles report the same event, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from .rarity import Rarity
from .reading import Reading, Weighed, cosine, covered, weigh
from .sameness import SAME_LINK, sameness
from .weights import MODEL, Model

RARE = 0.5
"""The share of the greatest weight from which a word is called rare."""
NAMED = 4
CERTAIN = 12.0
"""The score of the same piece at another address: nothing in a text comes near."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` is in log odds: above 0 they more likely report the same event than not."""

    score: float
    reasons: tuple[str, ...]
    is_same_piece: bool = False

    @property
    def why(self) -> str:
        """As an editor reads it."""
        return "; ".join(self.reasons)


def compare(one: Reading, other: Reading, rarity: Rarity) -> Likeness:
    """Two articles, with the rarity of the words about them."""
    return compared(weigh(one, rarity), weigh(other, rarity), rarity)


def compared(one: Weighed, other: Weighed, rarity: Rarity, model: Model = MODEL) -> Likeness:
    """As `compare`, of what has been weighed."""
    if same := sameness(one, other):
        reasons = () if same == SAME_LINK else _reasons(one, other, rarity)[1:]
        return Likeness(CERTAIN, (same, *reasons), is_same_piece=True)
    return Likeness(model.pair.score(features(one, other, rarity)), _reasons(one, other, rarity))


def features(one: Weighed, other: Weighed, rarity: Rarity) -> Sequence[float]:
    """What the score is made of, in the order of `weights.MODEL.pair`."""
    shared = one.text.keys() & other.text.keys()
    rarest = max(map(rarity.weight, shared), default=0.0)
    return (
        cosine(one.title, other.title),
        cosine(one.letters, other.letters),
        cosine(one.text, other.text),
        (covered(one.title, other.text) + covered(other.title, one.text)) / 2,
        max(covered(one.title, other.title), covered(other.title, one.title)),
        log1p(abs(one.reading.hours - other.reading.hours) / 24),
        float(_is_one_provider(one.reading, other.reading)),
        rarest / (rarity.most or 1),
    )


def _is_one_provider(one: Reading, other: Reading) -> bool:
    return bool(one.piece.domain) and one.piece.domain == other.piece.domain


def _reasons(one: Weighed, other: Weighed, rarity: Rarity) -> tuple[str, ...]:
    shared = (one.title.keys() & other.text.keys()) | (one.text.keys() & other.title.keys())
    rare = [
        _spelled(term, one.reading, other.reading)
        for term in sorted(shared, key=lambda term: (-rarity.weight(term), term))
        if len(term) > 1 and rarity.weight(term) >= RARE * rarity.most
    ]
    # Names and numbers tell an editor most.
    named = sorted(rare, key=lambda word: word[:1].islower())[:NAMED]
    words = f"{len(rare)} rare word{'s' * (len(rare) != 1)} shared"
    return (
        f"{words}: {', '.join(named)}" if rare else "no rare word shared",
        _apart(abs(one.reading.hours - other.reading.hours)),
        "same provider" if _is_one_provider(one.reading, other.reading) else "another provider",
    )


def _spelled(term: str, *readings: Reading) -> str:
    """As a title prints it; of two spellings always the same one."""
    return min(reading.spelling[term] for reading in readings if term in reading.spelling)


def _apart(hours: float) -> str:
    if hours < 24:
        return "same day"
    days = round(hours / 24)
    return f"{days} day{'s' * (days != 1)} apart"
