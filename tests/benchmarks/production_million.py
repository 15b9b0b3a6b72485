"""A million articles on one machine: how fast they come in, what the pages that people wait for
cost, and how large the database is, on both databases.

NEWSROOM_BENCH_MANY (1000000) articles beside a tenth of it for the rate, and beside 10,000 for the
pages. The folder that is imported takes some 16 GB at a million, and the database as much: where
the disk has no room the lines say so.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .databases import MANAGE, SILENT, Databases, environment, on_each
from .figure import Figure
from .invented import invented
from .measure import Cost, run

MANY = int(os.environ.get("NEWSROOM_BENCH_MANY", 1_000_000))
SMALL, REPEATS = 10_000, "7"
ROOM = 50_000
"""Bytes on the disk for each article: its file, its row and what an import puts aside."""

RATE = f"import rate of {MANY:,} articles / of {MANY // 10:,}"
FASTER, SLOWER = 0.7, 1.5
PAGES = {"reader": ("front", "latest", "story", "topic"), "desk": ("queue", "triage")}


def figures() -> Iterator[Figure]:
    """The rate and the pages of each database."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        missing = [Figure.missing(f"{RATE}, PostgreSQL", FASTER, SILENT)]
        yield from on_each(work, lambda databases: _of_database(databases, work), missing)


def _of_database(databases: Databases, work: Path) -> Iterator[Figure]:
    yield from _pages(databases, work)
    name = f"{RATE}, {databases.name}"
    if shutil.disk_usage(work).free < MANY * ROOM:
        why = f"the disk has no room for {MANY * ROOM / 1e9:.0f} GB"
        yield Figure.missing(name, FASTER, why)
        return
    (less, _), (more, size) = (_imported(databases, count, work) for count in (MANY // 10, MANY))
    rates = [
        count / _seconds(cost, databases) for count, cost in ((MANY, more), (MANY // 10, less))
    ]
    note = f"{rates[0]:,.0f} / {rates[1]:,.0f} a second, in {more.wall:,.0f} s; {size / 1e9:.2f} GB"
    yield replace(Figure.at_least(name, rates[0] / rates[1], FASTER), note=note)


def _imported(databases: Databases, articles: int, work: Path) -> tuple[Cost, int]:
    """What a first import of so many costs, and the bytes of the database then."""
    content, url = work / f"content-{articles}", databases.fresh()
    if not content.exists():
        invented(content, articles)
    asked = [*MANAGE, "frontmatter", "import", str(content)]
    cost = run(asked, environment(url), work / "output.txt")
    size = databases.size(url)
    databases.drop(url)
    return cost, size


def _seconds(cost: Cost, databases: Databases) -> float:
    """CPU, in which SQLite works, or the wall where the database is a server."""
    return cost.cpu if databases.name == "SQLite" else cost.wall


def _pages(databases: Databases, work: Path) -> Iterator[Figure]:
    (small, _), (large, size) = (_costs(databases, count, work) for count in (SMALL, MANY))
    for page, cost in small.items():
        name = f"{page}: {MANY:,} articles / {SMALL:,}, {databases.name}"
        note = f"{large[page] * 1000:.1f} / {cost * 1000:.1f} ms; {size / 1e9:.2f} GB"
        yield replace(Figure.at_most(name, large[page] / cost, SLOWER), note=note)


def _costs(databases: Databases, articles: int, work: Path) -> tuple[dict[str, float], int]:
    """Seconds by page, and the bytes of tables and indexes."""
    url, output = databases.fresh(), work / "output.txt"
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    own["ALLOWED_HOSTS"] = "testserver"
    command = [sys.executable, "-m", f"{__package__}.with_django"]
    run([*command, "filling", str(articles)], own, output)
    found: dict[str, float] = {}
    for kind, arguments in (("reader", [REPEATS, "0"]), ("desk", [REPEATS])):
        run([*command, f"{kind}_asking", *arguments], own, output)
        said: dict[str, Any] = json.loads(output.read_text().splitlines()[-1])
        for page in PAGES[kind]:
            found[page] = said[page][0]
    size = databases.size(url)
    databases.drop(url)
    return found, size
