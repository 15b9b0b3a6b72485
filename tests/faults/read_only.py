"""The database may suddenly only be read, and is written again later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.databases import Databases, migrate
from tests.benchmarks.figure import Figure

from .account import SEED, answer, figure, scaled
from .servers import NotInstalled, cluster

TIMES = 5
NAME = "database that can only be read: wrong or unclear answers"


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """One figure: by the modes of the file, or by what PostgreSQL is told."""
    name = f"{NAME}, {databases.name}"
    times = scaled(TIMES)
    try:
        found = _of_file(work, times) if databases.name == "SQLite" else _of_cluster(work, times)
    except NotInstalled as why:
        yield Figure.missing(name, 0, str(why))
        return
    told = ", ".join(f"{number} {what}" for what, number in sorted(found["told"].items()))
    yield figure(name, found["wrong"], f"{times} times: {told}; seed {SEED}")


def _of_file(work: Path, times: int) -> Any:
    if not shutil.which("setpriv"):
        raise NotInstalled("setpriv is not installed, without which root obeys no mode of a file")
    (work / "closed").mkdir()
    return _closed(f"sqlite:///{work}/closed/site.sqlite3", 0, work, times)


def _of_cluster(work: Path, times: int) -> Any:
    with cluster(work / "cluster-closed") as own:
        return _closed(own.database("site"), own.port, work, times)


def _closed(url: str, port: int, work: Path, times: int) -> Any:
    migrate(url, work / "migrate.txt")
    words = (work / "closing", port, times, SEED)
    return answer("closing", *words, url=url, output=work / "closing.txt")
