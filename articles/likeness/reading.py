"""A piece taken apart once, weighed against the words of its time when it is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

from .piece import Piece, address
from .rarity import Rarity
from .words import bare, grams, plain_words, spelled, stem, terms

Vector = dict[str, float]
EXCERPT_READ = 600
"""Characters of an excerpt that are read: news says it first."""


@dataclass(frozen=True)
class Reading:
    """The terms of a piece; `letters` are the grams of its title by the stem they belong to."""

    piece: Piece
    title: Counter[str]
    text: Counter[str]
    letters: tuple[tuple[str, tuple[str, ...]], ...]
    hours: float

    @cached_property
    def spelling(self) -> dict[str, str]:
        """Each term of the title as it is printed there."""
        return {stem(word.casefold()): word for word in reversed(spelled(self.piece.title))}

    @cached_property
    def address(self) -> str:
        """Its link as `piece.address` makes it; empty without one."""
        return address(self.piece.link) if self.piece.link else ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The vectors of a reading, each of length 1."""

    reading: Reading
    title: Vector
    text: Vector
    letters: Vector


def read(piece: Piece) -> Reading:
    """Take a piece apart. The words of a title count twice in its text."""
    headline = bare(piece.title)
    title = Counter(terms(headline))
    text = Counter(terms(piece.excerpt[:EXCERPT_READ]))
    for term, count in title.items():
        text[term] += 2 * count
    letters = tuple((stem(word), tuple(grams(word))) for word in plain_words(headline))
    return Reading(piece, title, text, letters, piece.published_at.timestamp() / 3600)


def weigh(reading: Reading, rarity: Rarity) -> Weighed:
    """The reading's vectors with the rarity of now."""
    letters: Vector = {}
    for term, runs in reading.letters:
        share = rarity.weight(term) / sqrt(len(runs))
        for run in runs:
            letters[run] = letters.get(run, 0.0) + share
    return Weighed(
        reading,
        _unit({term: _weight(term, n, rarity) for term, n in reading.title.items()}),
        _unit({term: _weight(term, n, rarity) for term, n in reading.text.items()}),
        _unit(letters),
    )


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two vectors of length 1 are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _weight(term: str, count: int, rarity: Rarity) -> float:
    return (1 + log(count)) * rarity.weight(term)


def _unit(vector: Vector) -> Vector:
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else vector
