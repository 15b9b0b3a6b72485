"""The statements that took longest lately, for whoever keeps the site; without their values."""

from __future__ import annotations

from typing import NamedTuple

from .shared import tell, told

KEY = "slow-queries"
KEPT = 10
SECONDS = 24 * 3600
LONGEST = 300


class Slow(NamedTuple):
    """A statement, the seconds it took, and the route that asked."""

    sql: str
    seconds: float
    route: str


def remember(sql: str, seconds: float, route: str) -> None:
    """Keep it, if it is among the slowest of a day."""
    found = [one for one in slowest() if one.sql != sql[:LONGEST] or one.seconds > seconds]
    found.append(Slow(sql[:LONGEST], round(seconds, 3), route))
    found.sort(key=lambda one: -one.seconds)
    tell(KEY, [tuple(one) for one in found[:KEPT]], SECONDS)


def slowest() -> list[Slow]:
    """The slowest first; a cache that is not shared knows those of its process."""
    return [Slow(*one) for one in told(KEY) or ()]
