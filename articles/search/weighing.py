"""What puts one match before another: how much of what was asked for its title says.

The index could weigh matches itself, but SQLite's counts every word in all there is first, and
PostgreSQL's reads every text anew; and the two do not agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .asking import Term, fold


def weigher(terms: Sequence[Term]) -> Callable[[str], int]:
    """Tells of a title how many of the terms are in it."""
    asked = [(term.words[0], _pattern(term)) for term in terms]

    def weight(title: str) -> int:
        folded = title.lower() if title.isascii() else fold(title)
        found = 0
        for letters, is_within in asked:
            # Most titles have not even the letters, which are looked for in a tenth of the time.
            at = folded.find(letters)
            if at >= 0 and is_within(folded, at):
                found += 1
        return found

    return weight


def _pattern(term: Term) -> Callable[[str, int], object]:
    side_by_side = r"[\W_]+".join(term.words)
    end = "" if term.is_prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_]){side_by_side}{end}").search
