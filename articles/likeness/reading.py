"""A piece taken apart once, weighed against the words of its time when it is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import log, sqrt

from ..tracking import address
from .piece import Piece
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
        """Its link as `tracking.address` makes it; empty without one."""
        return address(self.piece.link) if self.piece.link else ""

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The words of the title as they stand, without case."""
        return tuple(plain_words(self.piece.title))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Three words in a row of the excerpt, each once."""
        words = plain_words(self.piece.excerpt[:EXCERPT_READ])
        return frozenset(zip(words, words[1:], words[2:], strict=False))


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
    said = {term: rarity.weight(term) for term in reading.text}
    for term, runs in reading.letters:
        share = rarity.weight(term) / sqrt(len(runs))
        for run in runs:
            letters[run] = letters.get(run, 0.0) + share
    return Weighed(
        reading,
        _unit({term: _often(n) * said[term] for term, n in reading.title.items()}),
        _unit({term: _often(n) * said[term] for term, n in reading.text.items()}),
        _unit(letters),
    )


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two vectors of length 1 are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def covered(title: Vector, by: Vector) -> float:
    """The share of a title's weight whose words the other has."""
    return sum(weight * weight for term, weight in title.items() if term in by)


@cache
def _often(count: int) -> float:
    return 1 + log(count)


def _unit(vector: Vector) -> Vector:
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else vector
