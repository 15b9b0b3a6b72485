"""The clock: what passes with it, and one that is wrong by a day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.databases import Databases
from tests.benchmarks.figure import Figure

from .account import SEED, answer, figure, scaled

PASSING = "go-live, expiry, boosts passing: answers beyond their bound"
MOVED = "clock put a day on and back: wrong answers, half states"
ANSWERS = 10_000
TIMES = 6


def figures(databases: Databases, work: Path) -> Iterator[Figure]:
    """Both figures, on one database."""
    yield _passing(databases, work)
    yield _moved(databases, work)


def _passing(databases: Databases, work: Path) -> Figure:
    url, output = databases.fresh(), work / "passing.txt"
    found = answer("passing", work / "passing", scaled(ANSWERS), SEED, url=url, output=output)
    databases.drop(url)
    told = ", ".join(f"{number:,} {what}" for what, number in found["tried"].items())
    return figure(f"{PASSING}, {databases.name}", found["wrong"], f"{told}; seed {SEED}")


def _moved(databases: Databases, work: Path) -> Figure:
    name, times, url = f"{MOVED}, {databases.name}", scaled(TIMES), databases.fresh()
    words, output = (work / "moving", times, SEED), work / "moving.txt"
    found = answer("moving", *words, url=url, output=output)
    databases.drop(url)
    told = ", ".join(f"{number} {what}" for what, number in sorted(found["told"].items()))
    return figure(name, found["wrong"], f"{times} times: {told}; seed {SEED}")
