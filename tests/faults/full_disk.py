"""The disk is full: of the database, of the site, of what files are written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.databases import Databases, migrate
from tests.benchmarks.figure import Figure

from .account import SEED, answer, figure, scaled
from .disks import Disk, NotMounted, small_disk
from .servers import NotInstalled, cluster

TIMES = {"database": 20, "site": 20, "files": 20}
WHATS = {
    "database": ("import",),
    "site": ("reading", "save", "upload"),
    "files": ("export", "backup", "publish"),
}
MEGABYTES = 64


def name(what: str, database: str) -> str:
    return f"disk full during {what}: half states, no sentence, {database}"


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """A figure for each thing that somebody does meanwhile."""
    for kind, whats in WHATS.items():
        try:
            with small_disk(work / f"disk-{kind}", MEGABYTES) as disk:
                yield from _filled(kind, disk, databases, work)
        except (NotMounted, NotInstalled) as why:
            for what in whats:
                yield Figure.missing(name(what, databases.name), 0, str(why))


def _filled(kind: str, disk: Disk, databases: Databases, work: Path) -> Iterator[Figure]:
    with _place(kind, disk, databases, work) as url:
        words = (kind, disk.folder, work / f"full-{kind}", scaled(TIMES[kind]), SEED)
        found = answer("full", *words, url=url, output=work / f"full-{kind}.txt")
    for what in WHATS[kind]:
        met = [f"{number} {how}" for how, number in sorted(found["met"].items()) if what in how]
        note = f"{', '.join(met)}, seed {SEED}"
        yield figure(name(what, databases.name), found["wrong"].get(what, []), note)


@contextmanager
def _place(kind: str, disk: Disk, databases: Databases, work: Path) -> Iterator[str]:
    """The address of a database, on the disk where that is what is full."""
    if kind == "files":
        url = databases.fresh()
        yield url
        databases.drop(url)
    elif databases.name == "SQLite":
        url = f"sqlite:///{disk.folder}/site.sqlite3"
        migrate(url, work / "migrate.txt")
        yield url
    else:
        # What it logs ahead lies elsewhere: without room for that it ends, as it should.
        with cluster(work / f"cluster-{kind}") as own:
            url = own.database("site", disk.folder / "tables")
            migrate(url, work / "migrate.txt")
            yield url
