"""What a worker keeps of an hour: its memory under readers' load, in the same process throughout.

NEWSROOM_BENCH_MEMORY_SECONDS (3600). Caches fill at first: growth is the end beside the end of the
first third.
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

from .databases import sqlite
from .deployment import SITE, collect, deployed, gunicorn
from .figure import Figure
from .measure import run
from .production_readers import asked, each

SECONDS = int(os.environ.get("NEWSROOM_BENCH_MEMORY_SECONDS", 3_600))
ARTICLES = 10_000
GROWTH = f"memory of a worker after {SECONDS:,} s of load / after a third of it"
REACH = 1.05
"""A twentieth is what the allocator moves by itself."""


def figures() -> Iterator[Figure]:
    """One figure; the note gives the bytes and how much was asked."""
    if not shutil.which("wrk"):
        yield Figure.missing(GROWTH, REACH, "wrk is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            url, said = databases.fresh(), work / "said.txt"
            env = deployed(url, work)
            command = [sys.executable, "-m", f"{__package__}.with_django"]
            run([*command, "filling", str(ARTICLES)], env, said)
            run([*command, "reader_addresses"], env, said)
            pages: dict[str, str] = json.loads(said.read_text().splitlines()[-1])
            collect(env, said)
            # The configuration has workers renewed after so many requests.
            own = ("--max-requests", "0")
            with gunicorn(SITE, env, work / "served.txt", *own) as site:
                script = each([*pages.values()], work / "pages.lua")
                found = [
                    (asked(site.address, lambda: site.cpu, script, SECONDS // 3), site.memory)
                    for _ in range(3)
                ]
    first, last = found[0][1], found[-1][1]
    sent = sum(one.a_second for one, _ in found) * SECONDS / 3
    note = f"{first / 1e6:.1f}, then {last / 1e6:.1f} MB, some {sent:,.0f} requests"
    yield replace(Figure.at_most(GROWTH, last / first, REACH), note=note)
