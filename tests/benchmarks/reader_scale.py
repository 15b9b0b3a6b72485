"""The reader's site at NEWSROOM_BENCH_READER_ARTICLES (1000000) articles against SMALL, on both
databases: of each page the least of several requests, CPU on SQLite, wall on PostgreSQL.

A day of the smaller newsroom has three stories, one of the larger fills a page. Where the larger
lists more stories, the smaller is charged for as many, at what a story of a full page costs there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .asking import asked
from .databases import SILENT, Databases, on_each
from .figure import Figure

ARTICLES = int(os.environ.get("NEWSROOM_BENCH_READER_ARTICLES", 1_000_000))
SMALL, REPEATS = 10_000, 7
DEEP = min(50_000, ARTICLES // 10)
REACH, SEARCHED, LATE = 1.5, 3.0, 1.2

FULL, SHORT = "latest", "archive, a day"
"""Pages of the same stories, many and few: what they differ by is what stories cost."""

Costs = dict[str, tuple[float, int]]


def figures() -> Iterator[Figure]:
    """A figure for each page, and one for the latest far down."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        missing = [Figure.missing(_named("pages", "PostgreSQL"), REACH, SILENT)]
        yield from on_each(work, lambda databases: _of_database(databases, work), missing)


def judged(small: Costs, large: Costs, database: str) -> Iterator[Figure]:
    """The figures of what was measured in the two newsrooms."""
    (full, most), (short, few) = small[FULL], small[SHORT]
    of_a_story = max(0.0, full - short) / max(1, most - few)
    for page, (cost, stories) in small.items():
        reach = SEARCHED if page.startswith("search") else REACH
        seconds, listed = large[page]
        charged = cost + of_a_story * max(0, listed - stories)
        yield _figure(_named(page, database), seconds, charged, reach)
    if late := large.get("latest, deep"):
        name = f"latest, {DEEP:,} items deep / first page, {database}"
        yield _figure(name, late[0], large["latest"][0], LATE)


def _named(page: str, database: str) -> str:
    return f"{page}: {ARTICLES:,} articles / {SMALL:,}, {database}"


def _figure(name: str, ours: float, least: float, reach: float) -> Figure:
    note = f"{ours * 1000:.1f} / {least * 1000:.1f} ms"
    return replace(Figure.at_most(name, ours / least, reach), note=note)


def _of_database(databases: Databases, work: Path) -> Iterator[Figure]:
    small, large = (_measured(databases, articles, work) for articles in (SMALL, ARTICLES))
    yield from judged(small, large, databases.name)


def _measured(databases: Databases, articles: int, work: Path) -> Costs:
    found: Costs = asked(databases, articles, work, "reader_asking", str(REPEATS), str(DEEP))
    return found
