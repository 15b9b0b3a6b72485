"""The reader's site: what a page costs, beside Wagtail's and beside its own template alone."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import beside_hugo, reader_load, reader_scale, reader_seen
from .beside_wagtail import MISSING, beside_wagtail
from .databases import environment, sqlite
from .figure import Figure
from .measure import run

REPEATS = 60
KILOBYTE = 1000

BESIDE_WAGTAIL = {
    "front": "front page of 25 / Wagtail's, CPU",
    "story": "story with 30 reports / Wagtail's, CPU",
}
OF_WAGTAIL = 0.25
PLAIN = "front page / its template from plain dicts, CPU"
NOT_MODIFIED = "front page not modified / in full, CPU"
QUERIES = "queries of a front page not modified"
WEIGHT = "front page, style and script, compressed"


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    yield from _beside_wagtail()
    yield from _of_the_front(_measured())
    yield from reader_seen.figures()
    yield from reader_load.figures()
    yield from beside_hugo.figures()
    yield from reader_scale.figures()


def _beside_wagtail() -> Iterator[Figure]:
    found = beside_wagtail()
    for page, name in BESIDE_WAGTAIL.items():
        if found is None:
            yield Figure.missing(name, OF_WAGTAIL, MISSING)
        else:
            yield _ratio(name, *found[page], OF_WAGTAIL)


def _of_the_front(found: dict[str, Any]) -> Iterator[Figure]:
    figure = _ratio(PLAIN, found["front"], found["plain"], 1.5)
    beside = f"{found['front'] / found['tuples']:.2f} beside its own tuples"
    yield replace(figure, note=f"{figure.note}; {beside}")
    yield _ratio(NOT_MODIFIED, found["not_modified"], found["front"], 0.15)
    yield Figure.at_most(QUERIES, found["queries"], 1)
    yield Figure.at_most(WEIGHT, found["weight"] / KILOBYTE, 60, "KB")


def _measured() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            own = environment(databases.fresh()) | {
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "ALLOWED_HOSTS": "testserver",
            }
            command = [sys.executable, "-m", f"{__package__}.with_django", "reader_pages"]
            run([*command, str(REPEATS)], own, work / "ours.txt")
        found: dict[str, Any] = json.loads((work / "ours.txt").read_text().splitlines()[-1])
    return found


def _ratio(name: str, ours: float, least: float, reach: float) -> Figure:
    note = f"{ours * 1000:.1f} / {least * 1000:.1f} ms"
    return replace(Figure.at_most(name, ours / least, reach), note=note)
