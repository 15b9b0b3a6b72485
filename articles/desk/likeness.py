"""How alike two headlines are. Pure: words in, a number out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from math import log

WORD = re.compile(r"\w+")
SHORTEST = 3
"""Characters of a word that says something; shorter ones join sentences."""


def words(title: str) -> frozenset[str]:
    """The words that make a headline, without case and order."""
    return frozenset(word for word in WORD.findall(title.casefold()) if len(word) >= SHORTEST)


def alike(title: str, others: Mapping[int, str]) -> dict[int, float]:
    """How alike each of the others is to the title, 0 to 1; those that share no word left out.

    A word weighs the more the fewer of the others use it, so that no list of idle words is needed
    in any language.
    """
    own = words(title)
    sets = {key: words(other) for key, other in others.items()}
    used = Counter(word for found in sets.values() for word in found)
    weight = {word: log((len(sets) + 2) / (1 + count)) for word, count in used.items()}
    rare = log(len(sets) + 2)

    def weigh(found: frozenset[str]) -> float:
        return sum(weight.get(word, rare) for word in found)

    return {
        key: weigh(own & found) / weigh(own | found) for key, found in sets.items() if own & found
    }
