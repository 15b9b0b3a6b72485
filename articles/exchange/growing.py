"""While a first import fills the tables, PostgreSQL looks at them anew."""

from __future__ import annotations

from ..models.bulk import analyze

FIRST, TIMES = 1_000, 4
"""Files after which it looks first, and how many times as many are taken until it does again."""


class Growth:
    """How many files of a first import were taken.

    PostgreSQL plans for what it saw last: for empty tables it goes through all of one for each row
    of another. Autovacuum looks once a minute at most, in which tens of thousands come in.
    """

    def __init__(self, *, is_first: bool) -> None:
        self._is_first, self._taken, self._next = is_first, 0, FIRST

    def add(self, files: int) -> None:
        """So many more were taken."""
        self._taken += files
        if self._is_first and self._taken >= self._next:
            self._next = self._taken * TIMES
            analyze()

    def end(self) -> None:
        """All were taken and what they ask for is done: when it looked last, nothing was published
        and no story had a rank."""
        if self._is_first and self._taken >= FIRST:
            analyze()
