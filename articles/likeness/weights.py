"""The numbers of the comparison, and where they come from.

Logistic regression over labelled articles (`manage.py group_stories --fit FILE…` prints them
anew).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """A number for each feature, by its name."""

    base: float
    of: dict[str, float]

    def score(self, features: Sequence[float]) -> float:
        """The log odds."""
        return self.base + sum(
            weight * feature for weight, feature in zip(self.of.values(), features, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Model:
    """`pair` says how likely two articles report one event; `story`, from those scores, how
    likely an article belongs to a story."""

    pair: Weights
    story: Weights


MODEL = Model(
    pair=Weights(
        base=-7.29,
        of={
            "title": -6.81,
            "letters": 5.09,
            "text": 15.15,
            "covered by text": 8.64,
            "covered by title": -0.28,
            "days apart": -2.00,
            "same provider": -6.47,
            "rarest word": 3.28,
        },
    ),
    story=Weights(
        base=-1.02,
        of={
            "likest": 0.62,
            "mean": 0.22,
            "three likest": 0.31,
            "members found": 1.46,
            "days since": -1.07,
        },
    ),
)
