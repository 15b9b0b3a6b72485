"""The desk at NEWSROOM_BENCH_DESK_ARTICLES (1000000) articles against SMALL, on both databases.

Of each page the least of several requests, superuser signed in: CPU where SQLite works in it, wall
where the database is a server. Where the larger newsroom fills more rows of a page, the smaller
one is charged for as many, at what a row of a full page of that shelf costs there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from .asking import asked
from .databases import SILENT, Databases, on_each
from .figure import Figure

ARTICLES = int(os.environ.get("NEWSROOM_BENCH_DESK_ARTICLES", 1_000_000))
SMALL, REPEATS, PAGE = 10_000, 7, 50
REACH = 1.5
NONE = "a link of nobody"
"""A search that finds nothing on any shelf."""

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
        missing = [
            Figure.missing(_named(kind, "PostgreSQL"), REACH, SILENT)
            for kind in (*KINDS, "page 500")
        ]
        yield from on_each(work, lambda databases: _of_database(databases, work), missing)


def judged(small: Costs, large: Costs, database: str) -> Iterator[Figure]:
    """The figures of what was measured in the two newsrooms."""
    rows_of = {shelf: _of_a_row(small, shelf) for shelf in ("queue", "all")}
    for kind, belongs in KINDS.items():
        found = {
            name: large[name][0] / (cost + rows_of[_shelf(name)] * max(0, large[name][1] - rows))
            for name, (cost, rows) in small.items()
            if belongs(name)
        }
        worst = max(found, key=lambda name: found[name])
        yield _figure(kind, database, found[worst], worst, large[worst][0], small[worst][0])
    late, early = large["page 500"][0], small["page 150"][0]
    yield _figure("page 500", database, late / early, "of all, / page 150", late, early)


def _shelf(name: str) -> str:
    return "queue" if name.startswith("queue") else "all"


def _of_a_row(small: Costs, shelf: str) -> float:
    """Rows of the queue say more than others."""
    return max(0.0, small[shelf][0] - small[f"{shelf}, {NONE}"][0]) / PAGE


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
