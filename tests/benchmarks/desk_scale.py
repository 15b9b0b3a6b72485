"""The desk at NEWSROOM_BENCH_DESK_ARTICLES (1000000) articles against SMALL, on both databases.

Of each page the least of several requests, superuser signed in: CPU where SQLite works in it, wall
where the database is a server. Where the larger newsroom fills more rows of a page, the smaller
one is charged for as many, at what a row of a full page costs there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg

from .asking import asked
from .databases import Databases, postgresql, sqlite
from .figure import Figure

ARTICLES = int(os.environ.get("NEWSROOM_BENCH_DESK_ARTICLES", 1_000_000))
SMALL, REPEATS, PAGE = 10_000, 7, 50
REACH = 1.5
FULL, EMPTY = "all", "queue, a link of nobody"
"""Pages of a full list and of none."""

Costs = dict[str, tuple[float, int]]

KINDS: dict[str, Callable[[str], bool]] = {
    "first pages": lambda name: "," not in name and not name.startswith("page"),
    "filtered": lambda name: "," in name and not _is_search(name),
    "searched": lambda name: _is_search(name),
}


def figures() -> Iterator[Figure]:
    """The worst page of each kind; the note names it."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            yield from _of_database(databases, work)
        try:
            with postgresql(work / "postgresql") as databases:
                yield from _of_database(databases, work)
        except psycopg.OperationalError:
            for kind in (*KINDS, "page 500"):
                why = "nothing answers at TEST_POSTGRES_URL"
                yield Figure.missing(_named(kind, "PostgreSQL"), REACH, why)


def judged(small: Costs, large: Costs, database: str) -> Iterator[Figure]:
    """The figures of what was measured in the two newsrooms."""
    row = max(0.0, small[FULL][0] - small[EMPTY][0]) / PAGE
    for kind, belongs in KINDS.items():
        found = {
            name: large[name][0] / (cost + row * max(0, large[name][1] - rows))
            for name, (cost, rows) in small.items()
            if belongs(name)
        }
        worst = max(found, key=lambda name: found[name])
        yield _figure(kind, database, found[worst], worst, large[worst][0], small[worst][0])
    late, early = large["page 500"][0], small["page 150"][0]
    yield _figure("page 500", database, late / early, "of all, / page 150", late, early)


def _is_search(name: str) -> bool:
    return any(word in name for word in (" word", "a domain", "a link"))


def _named(kind: str, database: str) -> str:
    return f"{kind}: {ARTICLES:,} articles / {SMALL:,}, {database}"


def _figure(kind: str, database: str, got: float, page: str, large: float, small: float) -> Figure:
    note = f"{page}: {large * 1000:.0f} / {small * 1000:.0f} ms"
    return replace(Figure.at_most(_named(kind, database), got, REACH), note=note)


def _of_database(databases: Databases, work: Path) -> Iterator[Figure]:
    small, large = (_measured(databases, articles, work) for articles in (SMALL, ARTICLES))
    yield from judged(small, large, databases.name)


def _measured(databases: Databases, articles: int, work: Path) -> Costs:
    found: Costs = asked(databases, articles, work, "desk_asking", str(REPEATS))
    return found
