"""The statements that took longest lately, for whoever keeps the site; without their values."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from .caches import tell, told

KEY = "slow-queries"
KEPT = 10
SECONDS = 24 * 3600
LONGEST = 300


class Slow(NamedTuple):
    """A statement, the seconds it took, and the route that asked."""

    sql: str
    seconds: float
    route: str


def remember(statements: Iterable[tuple[str, float]], route: str) -> None:
    """Keep those of one request, with their seconds, that are among the slowest of a day."""
    found = {one.sql: one for one in slowest()}
    for sql, seconds in statements:
        one = Slow(sql[:LONGEST], round(seconds, 3), route)
        found[one.sql] = max(one, found.get(one.sql, one), key=attrgetter("seconds"))
    most = sorted(found.values(), key=attrgetter("seconds"), reverse=True)[:KEPT]
    tell(KEY, [tuple(one) for one in most], SECONDS)


def slowest() -> list[Slow]:
    """The slowest first; a cache that is not shared knows those of its process."""
    return [Slow(*one) for one in told(KEY) or ()]
