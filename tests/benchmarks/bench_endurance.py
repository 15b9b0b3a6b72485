"""What holds for long: runs killed anywhere, spoiled files, every order and way of importing.

NEWSROOM_ENDURANCE_KILLS (100 on each database), _FILES (20,000) and _SITES (12 on each) say how
much is tried, _SEED where the chances begin: a figure that falls short names the seed it had, and
build/endurance.txt what went wrong.
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
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from tests.exchange.kills import KILL, faults
from tests.exchange.trials import TRIAL

from .databases import Databases, environment, postgresql, sqlite
from .figure import Figure
from .measure import ROOT, run

KILLS = int(os.environ.get("NEWSROOM_ENDURANCE_KILLS", 100))
FILES = int(os.environ.get("NEWSROOM_ENDURANCE_FILES", 20_000))
SITES = int(os.environ.get("NEWSROOM_ENDURANCE_SITES", 12))
SEED = int(os.environ.get("NEWSROOM_ENDURANCE_SEED") or secrets.randbelow(10**6))
AT_ONCE = 10
"""Kills of one made-up site."""
MEGABYTE = 1_000_000
ACCOUNT = ROOT / "build" / "endurance.txt"

IMPORTS = "killed imports not made good"
EXPORTS = "killed exports not made good"
WAYS = "orders, batches and jobs that differ"
ALIKE = "sites that SQLite and PostgreSQL hold differently"
TRACEBACKS = "spoiled files that end in a traceback, or never"
PURE = "spoiled files read otherwise without libyaml"
MEMORY = "spoiled files read otherwise from memory"
PATCHED = "spoiled files that a patch spoils further"
SLOWEST = "slowest of them to read"
PEAK = "peak memory of reading them"
IN_FULL = "tests that fail when nothing of them is left out"
LONG = ("tests/frontmatter", "tests/admin", "tests/browser")
"""Tests of which `make test` tries a share."""

REACHES = dict.fromkeys(
    (IMPORTS, EXPORTS, WAYS, ALIKE, TRACEBACKS, PURE, MEMORY, PATCHED, IN_FULL), 0.0
) | {
    SLOWEST: 1.0,
    PEAK: 300.0,
}
UNITS = {SLOWEST: "s", PEAK: "MB"}


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    ACCOUNT.parent.mkdir(exist_ok=True)
    ACCOUNT.write_text("")
    with tempfile.TemporaryDirectory(prefix="newsroom-endurance-") as name:
        work = Path(name)
        yield _in_full(work)
        yield from _spoiled(work)
        digests: dict[str, Any] = {}
        with sqlite(work / "sqlite") as databases:
            yield from _of_database(databases, work, digests)
        try:
            with postgresql(work / "postgresql") as databases:
                yield from _of_database(databases, work, digests)
        except psycopg.OperationalError:
            for what in (IMPORTS, EXPORTS, WAYS, ALIKE):
                why = "nothing answers at TEST_POSTGRES_URL"
                yield Figure.missing(f"{what}, PostgreSQL", REACHES[what], why)
            return
        one, other = digests.values()
        yield _figure(ALIKE, [f"seed {seed}" for seed in one if one[seed] != other[seed]], SITES)


def _figure(what: str, wrong: list[str], tried: int, database: str = "") -> Figure:
    """How many went wrong; each is told in ACCOUNT."""
    name = f"{what}, {database}" if database else what
    if wrong:
        with open(ACCOUNT, "a", encoding="utf-8") as account:
            account.writelines(f"{name}: {line}\n" for line in wrong)
    note = f"of {tried:,}, seed {SEED}"
    return replace(Figure.at_most(name, len(wrong), REACHES[what]), note=note)


def _in_full(work: Path) -> Figure:
    """The tests of which `make test` tries a share, on SQLite."""
    output = work / "in-full.txt"
    own = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-r", "f", "--tb", "no", *LONG]
    with open(output, "w", encoding="utf-8") as file:
        # A test that fails is a figure here and no error.
        subprocess.run(command, env=own | {"NEWSROOM_TESTS": "all"}, stdout=file, check=False)
    lines = output.read_text(encoding="utf-8").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    passed = next((int(one) for one in re.findall(r"(\d+) passed", lines[-1])), 0)
    return _figure(IN_FULL, failed if passed else lines[-1:], passed + len(failed))


def _answer(command: list[str], env: dict[str, str], work: Path) -> Any:
    """The JSON that a process prints last."""
    output = work / "output.txt"
    run(command, env, output)
    return json.loads(output.read_text().splitlines()[-1])


def _spoiled(work: Path) -> Iterator[Figure]:
    command = [sys.executable, "-m", "tests.frontmatter.fuzzing", str(SEED), str(FILES)]
    found = _answer(command, dict(os.environ), work)
    ends = [f"{seed}: {trace}" for seed, trace in found["tracebacks"].items()]
    yield _figure(TRACEBACKS, ends, FILES)
    for what, key in (
        (PURE, "differing_without_libyaml"),
        (MEMORY, "differing_from_memory"),
        (PATCHED, "spoiled_by_patch"),
    ):
        yield _figure(what, list(map(str, found[key])), FILES)
    for what, got in ((SLOWEST, found["slowest"]), (PEAK, found["peak"] / MEGABYTE)):
        judged = Figure.at_most(what, got, REACHES[what], UNITS[what])
        yield replace(judged, note=f"seed {found['slowest_seed']}" if what == SLOWEST else "")


def _of_database(databases: Databases, work: Path, digests: dict[str, Any]) -> Iterator[Figure]:
    for what, task in ((IMPORTS, "import"), (EXPORTS, "export")):
        wrong, kills = _killed(databases, work, task)
        yield _figure(what, wrong, kills, databases.name)
    url, folder = databases.fresh(), work / databases.name / "trials"
    command = [sys.executable, "-c", TRIAL, str(folder), str(SEED), str(SITES)]
    found = _answer(command, environment(url), work)
    databases.drop(url)
    digests[databases.name] = found["digests"]
    yield _figure(WAYS, found["differing"], found["ways"], databases.name)


def _killed(databases: Databases, work: Path, task: str) -> tuple[list[str], int]:
    """What went wrong, and how many kills were tried: half of KILLS, a few to a site."""
    wrong, done = [], 0
    url = databases.fresh()
    while done < KILLS // 2:
        seed, kills = SEED + done, min(AT_ONCE, KILLS // 2 - done)
        folder = work / databases.name / f"{task}-{seed}"
        command = [sys.executable, "-c", KILL, task, str(folder), str(seed), str(kills)]
        found = _answer(command, environment(url), work)
        wrong += [f"seed {seed}: {line}" for line in faults(task, found)]
        done += kills
    databases.drop(url)
    return wrong, done
