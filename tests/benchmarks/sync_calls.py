"""Times syncs of a site beside imports of it in one process, its start apart, git's work included.

Run by bench_sync as CALLS there says. The last line it prints is JSON: by name the CPU and wall
seconds of the best run, of hours of the middle one.

An hour is about the newest articles, as those of robots and editors are. Chosen among all of
site-b's, every second hour would have a title of its largest story corrected, which 150 files of
100 KB print: three quarters of the site are written again then.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User

from articles.exchange import SyncOptions, run_import, run_sync
from articles.frontmatter import patch, read
from articles.models import Article
from tests.exchange.acts import edit
from tests.exchange.repositories import repositories

from .measure import Cost, least

REPEATS = int(os.environ.get("NEWSROOM_BENCH_REPEATS", 5))
CHANGED = 40
EDITED = 10
NEWEST = 200
SEED = 5


def timed(call: Callable[[], object]) -> Cost:
    """The cost of one call in this process and in those that it starts."""
    wall, cpu = perf_counter(), _cpu()
    call()
    return Cost(_cpu() - cpu, perf_counter() - wall)


def _cpu() -> float:
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(site: str, work: str) -> None:
    """Measure all of it and print it."""
    repos = repositories(
        Path(work), lambda folder: shutil.copytree(site, folder, dirs_exist_ok=True)
    )
    costs = {"first": timed(lambda: run_import([repos.site]))}
    repos.sync()
    calls: dict[str, Callable[[], object]] = {
        "again": lambda: run_import([repos.site]),
        "folder": lambda: run_sync(repos.site),
        "git": lambda: run_sync(repos.site, SyncOptions(git=True)),
    }
    found: dict[str, list[Cost]] = {name: [] for name in calls}
    for _ in range(REPEATS):
        for name, call in calls.items():
            found[name].append(timed(call))
    costs |= {name: least(some) for name, some in found.items()}
    costs["hour, git"] = _hours(repos.push, repos.sync)
    # By now nobody's commits, as in a folder without git.
    costs["hour"] = _hours(lambda change: change(repos.site), lambda: run_sync(repos.site))
    print(json.dumps(costs))


def _hours(push: Callable[[Callable[[Path], None]], object], sync: Callable[[], object]) -> Cost:
    """The cost of the sync at the end of an hour, the middle of some."""
    newest = Article.objects.order_by("-published_at", "slug").values_list("slug", flat=True)
    stems, chance = list(newest[:NEWEST]), random.Random(SEED)
    editor, _ = User.objects.get_or_create(username="ana", first_name="Ana", is_superuser=True)
    found = []
    for number in range(REPEATS):
        some = chance.sample(stems, CHANGED + EDITED)
        push(partial(_change, some[:CHANGED], number))
        for stem in some[CHANGED:]:
            _edit(stem, number, editor)
        found.append(timed(sync))
    return sorted(found)[REPEATS // 2]


def _change(stems: list[str], number: int, folder: Path) -> None:
    """What the robot of a site does in an hour: scores move, and a text here and there."""
    for place, stem in enumerate(stems):
        file = folder / f"_news/{stem}.md"
        data = file.read_bytes()
        changes: dict[str, Any] = {"quality": (read(data).values.get("quality") or 0) + 1}
        if place % 4 == 0:
            changes["excerpt"] = f"Told anew in hour {number}."
        file.write_bytes(patch(data, changes))


def _edit(stem: str, number: int, editor: Any) -> None:
    edit(stem, editor, title=f"Edited in hour {number}: {stem[:60]}")
