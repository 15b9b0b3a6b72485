"""How much a word says: the fewer articles use it, the more."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from math import log

from .familiar import EVERYWHERE, OFTEN
from .words import terms

KNOWN = 1000
"""Articles that every newsroom is taken to have read before its first."""
SHARES = ((EVERYWHERE, 0.3), (OFTEN, 0.04))
BEFORE = Counter(
    {term: round(KNOWN * share) for words, share in reversed(SHARES) for term in terms(words)}
)
RECENT = 300
"""Articles that are counted besides, the newest: what is in the news for months is familiar to
readers, and still tells today's events apart."""


class Rarity:
    """Counts in how many articles each term stands, with no knowledge of what comes later."""

    def __init__(self) -> None:
        self.articles = KNOWN
        self._uses = BEFORE.copy()
        self._recent: deque[set[str]] = deque()
        self._weights: dict[str, float] = {}

    def count(self, terms: Iterable[str]) -> None:
        """One more article."""
        self._weights.clear()
        self._recent.append(set(terms))
        self._uses.update(self._recent[-1])
        if len(self._recent) > RECENT:
            self._uses.subtract(self._recent.popleft())
        else:
            self.articles += 1

    def weight(self, term: str) -> float:
        """Little for a term of every article, `most` for one that a single one uses."""
        found = self._weights.get(term)
        if found is None:
            found = max(0.05, log((self.articles + 2) / (self._uses[term] + 1)))
            self._weights[term] = found
        return found

    @property
    def most(self) -> float:
        """The weight of a term that one article alone uses."""
        return log((self.articles + 2) / 2)
