"""The importer, editors and readers at once, on a site as it is deployed: nobody meets an error.

NEWSROOM_BENCH_MIXED_SECONDS (600) on each database, with NEWSROOM_BENCH_MIXED_ARTICLES (10000)
imported before; NEWSROOM_BENCH_SEED says where the chances begin. build/mixed.txt tells what went
wrong.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .databases import MANAGE, SILENT, Databases, on_each
from .deployment import SITE, collect, deployed, gunicorn
from .figure import Figure
from .invented import invented
from .measure import ROOT, run

SECONDS = int(os.environ.get("NEWSROOM_BENCH_MIXED_SECONDS", 600))
ARTICLES = int(os.environ.get("NEWSROOM_BENCH_MIXED_ARTICLES", 10_000))
SEED = int(os.environ.get("NEWSROOM_BENCH_SEED") or secrets.randbelow(10**6))
ERRORS = f"importer, editors and readers at once, {SECONDS} s: errors"
LOCKED = f"the same: “database is locked” shown or logged, {SECONDS} s"
TOLD = ROOT / "build" / "mixed.txt"
WORKERS = 2


def figures() -> Iterator[Figure]:
    """Errors of any kind, on each database."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        content = invented(work / "content", ARTICLES)
        missing = [Figure.missing(f"{name}, PostgreSQL", 0, SILENT) for name in (ERRORS, LOCKED)]
        yield from on_each(work, lambda databases: _mixed(databases, content, work), missing)


def _mixed(databases: Databases, content: Path, work: Path) -> Iterator[Figure]:
    url, own = databases.fresh(), work / f"mixed-{databases.name}"
    own.mkdir()
    env = deployed(url, own, TASKS="worker")
    run([*MANAGE, "frontmatter", "import", str(content)], env, own / "output.txt")
    collect(env, own / "output.txt")
    served = own / "served.txt"
    with gunicorn(SITE, env, served, workers=WORKERS) as site, _worker(env, served):
        asked = [str(urlsplit(site.address).port), str(content), str(SECONDS), str(SEED)]
        loading = [sys.executable, "-m", f"{__package__}.with_django", "mixed_load", *asked]
        run(loading, env, own / "said.txt")
        memory = site.memory / len(site.workers) / 1e6
    found = json.loads((own / "said.txt").read_text().splitlines()[-1])
    logged = served.read_text(errors="replace")
    databases.drop(url)
    yield from _judged(databases.name, found, logged, memory)


def _judged(database: str, found: dict[str, Any], logged: str, memory: float) -> Iterator[Figure]:
    unhandled = re.findall(r"Internal Server Error: .*|did not do what was asked", logged)
    locked = [one for one in found["wrong"] if "is locked" in one]
    locked += re.findall(r".*is locked.*", logged)
    if found["wrong"] or unhandled or locked:
        TOLD.parent.mkdir(exist_ok=True)
        with open(TOLD, "a", encoding="utf-8") as told:
            told.write(
                "\n".join([database, *found["wrong"], *unhandled, *locked, logged[-50_000:]])
            )
    parts = (
        f"{count:,} by {kind}, p99 {found['late'][kind]:.1f} s"
        for kind, count in sorted(found["counts"].items())
    )
    note = f"{'; '.join(parts)}; {memory:.0f} MB a worker; seed {SEED}"
    count = len(found["wrong"]) + len(unhandled)
    yield replace(Figure.at_most(f"{ERRORS}, {database}", count, 0), note=note)
    yield Figure.at_most(f"{LOCKED}, {database}", len(locked), 0)


@contextmanager
def _worker(env: dict[str, str], output: Path) -> Iterator[None]:
    """`manage.py work` beside the site."""
    with open(output, "ab") as said:
        process = subprocess.Popen([*MANAGE, "work"], cwd=ROOT, env=env, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
