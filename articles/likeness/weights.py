"""The numbers of the comparison, and where they come from.

Logistic regression over 750 reports of six weeks that were grouped by reading their titles, each
week judged by weights that were found in the others: B-cubed F1 0.86 to 1.00, 0.95 in the mean,
0.94 on the week that the benchmarks repeat. `tests/benchmarks/stories_fit.py` finds them anew.
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
        base=-8.59,
        of={
            "title": -7.94,
            "letters": 6.31,
            "text": 13.11,
            "covered by text": 6.35,
            "covered by title": 1.19,
            "days apart": -2.14,
            "same provider": -5.33,
            "rarest word": 4.15,
        },
    ),
    story=Weights(
        base=-0.91,
        of={
            "likest": 0.59,
            "mean": 0.21,
            "three likest": 0.38,
            "members found": 1.34,
            "days since": -0.94,
        },
    ),
)
