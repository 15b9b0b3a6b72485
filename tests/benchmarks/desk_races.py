"""Editors who race one another and an import of 400 changed files, over HTTP.

NEWSROOM_RACES (1,000 on each database) says how many races, NEWSROOM_RACES_SEED where their
chances begin. build/races.txt tells what went wrong. As a module for `with_django`: `desk_races
FOLDER` races on the database at hand and prints what it came to.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from tests.admin.racing.running import LAWS, race

from .databases import Databases, environment, postgresql, sqlite
from .figure import Figure
from .measure import ROOT, run

RACES = int(os.environ.get("NEWSROOM_RACES", 1_000))
SEED = int(os.environ.get("NEWSROOM_RACES_SEED") or secrets.randbelow(10**6))
FILES = 400
REACH = 0
ACCOUNT = ROOT / "build" / "races.txt"


def figures() -> Iterator[Figure]:
    """How often each law was broken, on each database."""
    ACCOUNT.parent.mkdir(exist_ok=True)
    ACCOUNT.write_text("")
    with tempfile.TemporaryDirectory(prefix="newsroom-races-") as name:
        work = Path(name)
        with sqlite(work / "sqlite") as databases:
            yield from _raced(databases, work)
        try:
            with postgresql(work / "postgresql") as databases:
                yield from _raced(databases, work)
        except psycopg.OperationalError:
            for law in LAWS:
                why = "nothing answers at TEST_POSTGRES_URL"
                yield Figure.missing(_name(law, "PostgreSQL"), REACH, why)


def _name(law: str, database: str) -> str:
    return f"races: {law}, {database}"


def _raced(databases: Databases, work: Path) -> Iterator[Figure]:
    url, output = databases.fresh(), work / "output.txt"
    command = [sys.executable, "-m", f"{__package__}.with_django", "desk_races"]
    # Static files without a manifest; all else as in production.
    own = environment(url) | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "LOG_LEVEL": "ERROR",
    }
    run([*command, str(work / databases.name)], own, output)
    databases.drop(url)
    found = json.loads(output.read_text().splitlines()[-1])
    yield from _judged(databases.name, found["faults"], found["tried"])


def _judged(database: str, faults: dict[str, list[str]], tried: dict[str, Any]) -> Iterator[Figure]:
    note = f"{tried['races']:,} races, {tried['texts saved']:,} texts, {tried['acts']:,} acts,"
    note += f" {tried['rounds of the import']} imports, seed {SEED}"
    for law, found in faults.items():
        name = _name(law, database)
        if found:
            with open(ACCOUNT, "a", encoding="utf-8") as account:
                account.writelines(f"{name}: {one}\n" for one in found)
        yield replace(Figure.at_most(name, len(found), REACH), note=note)


def main(folder: str) -> None:
    """Race, and print faults by law and what was tried."""
    result = race(Path(folder), RACES, FILES, SEED)
    print(json.dumps({"faults": result.faults, "tried": result.tried}))
