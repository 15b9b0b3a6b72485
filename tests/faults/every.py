"""Every fault by its name, on each database."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psycopg

from tests.benchmarks.databases import Databases, postgresql, sqlite
from tests.benchmarks.figure import Figure

from . import caches, clocks, full_disk, killed, read_only, restarts
from .account import ACCOUNT

FAULTS: dict[str, Callable[[Databases, Path], Iterator[Figure]]] = {
    "killed": killed.figures,
    "full-disk": full_disk.figures,
    "read-only": read_only.figures,
    "restarts": restarts.figures,
    "redis": caches.figures,
    "clock": clocks.figures,
}


def figures(names: Iterable[str]) -> Iterator[Figure]:
    """A figure for each thing that has to hold, on SQLite and then on PostgreSQL."""
    ACCOUNT.unlink(missing_ok=True)
    names = list(names)
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            yield from _all(names, databases, work / "on-sqlite")
        try:
            with postgresql(work / "postgresql") as server:
                yield from _all(names, server, work / "on-postgresql")
        except psycopg.OperationalError as why:
            yield Figure.missing("faults on PostgreSQL", 0, f"TEST_POSTGRES_URL: {why}")


def _all(names: Iterable[str], databases: Databases, work: Path) -> Iterator[Figure]:
    for name in names:
        own = work / name
        own.mkdir(parents=True)
        yield from FAULTS[name](databases, own)
