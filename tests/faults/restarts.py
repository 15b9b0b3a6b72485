"""PostgreSQL is stopped and started again under load, and everybody goes on by himself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.databases import Databases, migrate
from tests.benchmarks.figure import Figure

from .account import SEED, answer, figure, scaled
from .servers import NotInstalled, cluster

TIMES = 50
NAME = "PostgreSQL restarted under load: wrong or unclear answers"


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """One figure, on a cluster of its own."""
    if databases.name != "PostgreSQL":
        return
    times = scaled(TIMES)
    try:
        with cluster(work / "restarted") as own:
            url = own.database("site")
            migrate(url, work / "migrate.txt")
            words = (work / "restarting", own.data, own.port, times, SEED)
            found = answer("restarting", *words, url=url, output=work / "restarting.txt")
    except NotInstalled as why:
        yield Figure.missing(NAME, 0, str(why))
        return
    told = ", ".join(f"{number} {what}" for what, number in sorted(found["told"].items()))
    yield figure(NAME, found["wrong"], f"{times} times: {told}; seed {SEED}")
