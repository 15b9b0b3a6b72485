"""Killed at random: imports, exports, publishing and saves, each made good by the next."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.databases import Databases
from tests.benchmarks.figure import Figure
from tests.benchmarks.measure import run
from tests.benchmarks.serving import site_environment
from tests.exchange.kills import KILL, faults

from .account import SEED, answer, figure, scaled

RUNS = {"import": 300, "export": 100, "publish": 100}
"""Kills on each database."""
SAVES = 200
AT_ONCE = 10
"""Kills of one made-up site."""

NAMES = {
    "import": "killed imports: lost, doubled or left half",
    "export": "killed exports: lost, doubled or left half",
    "publish": "killed static publishing: not as if made anew",
}
SAVED = "killed web saves: lost, doubled or left half"


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """A figure for each, on one database."""
    for task, kills in RUNS.items():
        yield _runs(databases, work, task, scaled(kills))
    yield _saves(databases, work, scaled(SAVES))


def _runs(databases: Databases, work: Path, task: str, kills: int) -> Figure:
    wrong, done = [], 0
    url, output = databases.fresh(), work / "killed.txt"
    # Children that die are forked: a pool would share its connections with them.
    own = site_environment(url) | {"DATABASE_POOL": "0", "LOG_LEVEL": "ERROR"}
    while done < kills:
        seed, some = SEED + done, min(AT_ONCE, kills - done)
        folder = work / f"{task}-{seed}"
        run([sys.executable, "-c", KILL, task, str(folder), str(seed), str(some)], own, output)
        *said, last = output.read_text(errors="replace").splitlines()
        at_fault = faults(task, json.loads(last))
        wrong += [f"seed {seed}: {line}" for line in at_fault]
        # What a run that died said of itself; children that are killed say nothing.
        wrong += [f"seed {seed}: it said: {line}" for line in said[-40:] if at_fault]
        done += some
    databases.drop(url)
    return figure(f"{NAMES[task]}, {databases.name}", wrong, f"{done} kills, seed {SEED}")


def _saves(databases: Databases, work: Path, kills: int) -> Figure:
    url = databases.fresh()
    found = answer("saving", work / "saves", kills, SEED, url=url, output=work / "saves.txt")
    databases.drop(url)
    tried = found["tried"]
    note = f"{tried['killed']} kills, {tried['cut']} before the answer, of which"
    note += f" {tried['kept all the same']} were kept; seed {SEED}"
    return figure(f"{SAVED}, {databases.name}", found["faults"], note)
