"""How much a word says: the fewer articles use it, the more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

from .familiar import EVERYWHERE, OFTEN
from .words import terms

KNOWN = 300
"""Articles that every newsroom is taken to have read before its first."""
SHARES = ((EVERYWHERE, 0.3), (OFTEN, 0.04))
BEFORE = Counter(
    {term: round(KNOWN * share) for words, share in reversed(SHARES) for term in terms(words)}
)


class Rarity:
    """Counts in how many of the articles so far each term stands."""

    def __init__(self, articles: int = 0, uses: Counter[str] | None = None) -> None:
        self.articles = KNOWN + articles
        self.uses = BEFORE + (uses or Counter())

    def count(self, terms: Iterable[str]) -> None:
        """One more article."""
        self.articles += 1
        self.uses.update(set(terms))

    def weight(self, term: str) -> float:
        """0 or little for a term of every article, `most` for one of no other."""
        return max(0.05, log((self.articles + 2) / (self.uses[term] + 1)))

    @property
    def most(self) -> float:
        """The weight of a term that one article alone uses."""
        return log((self.articles + 2) / 2)
