"""Redis dies, hangs and is back: pages are slower, never wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.databases import Databases
from tests.benchmarks.figure import Figure

from .account import SEED, answer, figure, scaled
from .servers import NotInstalled, program

TIMES = 20
NAME = "Redis killed, hanging and back: wrong answers"


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """One figure, on a Redis of its own."""
    name, times = f"{NAME}, {databases.name}", scaled(TIMES)
    try:
        program("redis-server")
    except NotInstalled as why:
        yield Figure.missing(name, 0, str(why))
        return
    url = databases.fresh()
    words, output = (work / "losing", times, SEED), work / "losing.txt"
    found = answer("losing", *words, url=url, output=output)
    databases.drop(url)
    told = ", ".join(f"{number} {what}" for what, number in sorted(found["told"].items()))
    note = f"{times} times, {told}, longest {found['longest']:.1f} s, seed {SEED}"
    yield figure(name, found["wrong"], note)
