"""In step with the repository: what hours of a robot and editors end in, and what a sync costs.

NEWSROOM_SYNC_ROUNDS (200 on each database) and _KILLS (100 in all) say how much is tried, _SEED
where the chances begin: a figure that falls short names the seed it had, and build/sync.txt what
went wrong. CPU is our processes' and git's, the database server's apart.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from tests.exchange.hourly import HOURLY

from .bench_exchange import NO_CORPUS
from .databases import MANAGE, Databases, environment, postgresql, sqlite
from .figure import Figure
from .measure import ROOT, Cost, run
from .sites import unpacked

CALLS = """
import sys
import django
django.setup()
from tests.benchmarks.sync_calls import main
main(sys.argv[1], sys.argv[2])
"""
ROUNDS = int(os.environ.get("NEWSROOM_SYNC_ROUNDS", 200))
KILLS = int(os.environ.get("NEWSROOM_SYNC_KILLS", 100))
SEED = int(os.environ.get("NEWSROOM_SYNC_SEED") or secrets.randbelow(10**6))
AT_ONCE = 3
ACCOUNT = ROOT / "build" / "sync.txt"

LOST = "hour after hour: changes lost"
CONFLICTS = "hour after hour: unexpected conflicts"
UNEQUAL = "hour after hour: repository and database unequal"
STRANGE = "hour after hour: lines that no act explains"
KILLED = "killed syncs not made good"
BUSY = f"{AT_ONCE} syncs at once: that neither work nor say who does"
NOTHING = "sync of site-b, nothing to do / import again"
NOTHING_GIT = "the same with git"
HOUR = "sync of 40 changed files and 10 edits / first import"

REACHES = dict.fromkeys((LOST, CONFLICTS, UNEQUAL, STRANGE, KILLED, BUSY), 0.0) | {
    NOTHING: 1.5,
    NOTHING_GIT: 1.5,
    HOUR: 0.25,
}
FAULTS = {"lost": LOST, "conflict": CONFLICTS, "unequal": UNEQUAL, "strange": STRANGE}
OF_CORPUS = (BUSY, NOTHING, NOTHING_GIT, HOUR)
AT_WORK = re.compile(r"another run is at work: sync, process \d+ on ")


def figures() -> Iterator[Figure]:
    """Every figure of this group, on each database."""
    ACCOUNT.parent.mkdir(exist_ok=True)
    ACCOUNT.write_text("")
    with tempfile.TemporaryDirectory(prefix="newsroom-sync-") as name:
        work = Path(name)
        corpus = unpacked(work / "corpus")
        with sqlite(work / "sqlite") as databases:
            yield from _of_database(databases, corpus, work)
        try:
            with postgresql(work / "postgresql") as databases:
                yield from _of_database(databases, corpus, work)
        except psycopg.OperationalError:
            for what in REACHES:
                why = "nothing answers at TEST_POSTGRES_URL"
                yield Figure.missing(f"{what}, PostgreSQL", REACHES[what], why)


def _of_database(databases: Databases, corpus: Path | None, work: Path) -> Iterator[Figure]:
    yield from _hours(databases, work)
    yield _killed(databases, work)
    if corpus is None:
        for what in OF_CORPUS:
            yield Figure.missing(f"{what}, {databases.name}", REACHES[what], NO_CORPUS)
        return
    yield _at_once(databases, corpus / "site-b", work)
    yield from _costs(databases, corpus / "site-b", work)


def _figure(what: str, wrong: list[str], note: str, database: str) -> Figure:
    """How many went wrong; each is told in ACCOUNT."""
    name = f"{what}, {database}"
    if wrong:
        with open(ACCOUNT, "a", encoding="utf-8") as account:
            account.writelines(f"{name}: {line}\n" for line in wrong)
    return replace(Figure.at_most(name, len(wrong), REACHES[what]), note=note)


def _lived(databases: Databases, work: Path, rounds: int, kills: int = 0) -> dict[str, Any]:
    """What hours on a database and repositories of their own came to."""
    url, folder = databases.fresh(), work / databases.name / f"hours-{kills}"
    words = [str(folder), str(SEED), str(rounds), str(kills)]
    # Children that die are forked: a pool would share its connections with them.
    env = environment(url) | {"LIVE_TEXT": "take", "DATABASE_POOL": "0"}
    run([sys.executable, "-c", HOURLY, *words], env, work / "output.txt")
    databases.drop(url)
    shutil.rmtree(folder)
    found: dict[str, Any] = json.loads((work / "output.txt").read_text().splitlines()[-1])
    return found


def _hours(databases: Databases, work: Path) -> Iterator[Figure]:
    found = _lived(databases, work, ROUNDS)
    done = ", ".join(f"{count} {act}" for act, count in sorted(found["acts"].items()))
    for word, what in FAULTS.items():
        wrong = [
            f"seed {SEED}, hour {hour}: {says}"
            for hour, one, says in found["faults"]
            if one == word
        ]
        note = f"{ROUNDS} rounds, seed {SEED}" + (f": {done}" if what == LOST else "")
        yield _figure(what, wrong, note, databases.name)


def _killed(databases: Databases, work: Path) -> Figure:
    """Hours with kills beside the same hours without: both ends have to be equal after each."""
    killed = _lived(databases, work, KILLS // 2, KILLS // 2)
    undisturbed = _lived(databases, work, len(killed["digests"]))
    pairs = zip(killed["digests"], undisturbed["digests"], strict=True)
    wrong = [
        f"hour {hour} ended otherwise" for hour, (one, other) in enumerate(pairs, 1) if one != other
    ]
    wrong += [f"hour {hour}: {says}" for hour, _, says in killed["faults"]]
    note = f"{len(killed['died'])} kills, seed {SEED}"
    return _figure(KILLED, [f"seed {SEED}: {line}" for line in wrong], note, databases.name)


def _at_once(databases: Databases, site: Path, work: Path) -> Figure:
    """Started in the same moment on a site that takes a while to come in first."""
    url, own = databases.fresh(), shutil.copytree(site, work / "at-once")
    command = [*MANAGE, "frontmatter", "sync", str(own)]
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    said = [(one.communicate()[1], one.returncode) for one in started]
    databases.drop(url)
    shutil.rmtree(own)
    working = [code for _, code in said if code == 0]
    wrong = [f"{code}: {text}" for text, code in said if code and not AT_WORK.search(text)]
    if len(working) != 1:
        wrong.append(f"{len(working)} worked")
    return _figure(BUSY, wrong, "", databases.name)


def _costs(databases: Databases, site: Path, work: Path) -> Iterator[Figure]:
    url, folder = databases.fresh(), work / "costs"
    folder.mkdir()
    output = work / "output.txt"
    command = [sys.executable, "-c", CALLS, str(site), str(folder)]
    run(command, environment(url), output)
    databases.drop(url)
    shutil.rmtree(folder)
    found = json.loads(output.read_text().splitlines()[-1])
    costs = {name: Cost(*cost) for name, cost in found.items()}
    for what, ours, peer in (
        (NOTHING, "folder", "again"),
        (NOTHING_GIT, "git", "again"),
        (HOUR, "hour", "first"),
    ):
        one, other = costs[ours], costs[peer]
        note = (
            f"{one.cpu * 1000:,.0f} / {other.cpu * 1000:,.0f} ms"
            f"; wall {one.wall * 1000:,.0f} / {other.wall * 1000:,.0f} ms"
        )
        if what == HOUR:
            note += f"; with git's fetch, commits and push {costs['hour, git'].cpu * 1000:,.0f} ms"
        name = f"{what}, {databases.name}"
        yield replace(Figure.at_most(name, one.cpu / other.cpu, REACHES[what]), note=note)
