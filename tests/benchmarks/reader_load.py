"""The site under load, page kind by page kind: gunicorn with two workers, asked by wrk for
NEWSROOM_BENCH_SECONDS (60) each."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

from .databases import environment, sqlite
from .figure import Figure
from .measure import run
from .serving import Server

SECONDS = int(os.environ.get("NEWSROOM_BENCH_SECONDS", 60))
ARTICLES, WORKERS, CONNECTIONS = 10_000, 2, 4
REACH = 5
KINDS = (
    *("front", "latest", "story", "topic", "provider", "archive, a day", "search"),
    *("feed", "api, news"),
)
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: milliseconds at two quantiles, requests a second, and errors of any kind."""

    p50: float
    p99: float
    rate: float
    errors: int


def figures() -> Iterator[Figure]:
    """A figure for each kind of page, and the errors of all."""
    names = {kind: f"{kind} under load, p99 / p50" for kind in KINDS}
    errors_of_all = "errors under load"
    if not shutil.which("wrk"):
        for name in (*names.values(), errors_of_all):
            yield Figure.missing(name, REACH, "wrk is not installed")
        return
    errors = 0
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder,
        site(Path(folder)) as (server, pages),
    ):
        for kind, name in names.items():
            found = loaded(server.address + pages[kind])
            errors += found.errors
            note = f"{found.p99:.0f} / {found.p50:.0f} ms, {found.rate:.0f} a second"
            yield replace(Figure.at_most(name, found.p99 / found.p50, REACH), note=note)
    yield Figure.at_most(errors_of_all, errors, 0)


def loaded(address: str) -> Load:
    """Ask for one page all the time."""
    urlopen(address).close()
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "--latency", address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return read(said)


def read(said: str) -> Load:
    """What wrk printed."""
    times = {
        quantile: float(number) * UNITS[unit]
        for quantile, number, unit in re.findall(r"^\s+(\d+)%\s+([\d.]+)(\w+) *$", said, re.M)
    }
    errors = [int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", said)]
    for line in re.findall(r"Socket errors: (.*)", said):
        errors += [int(number) for number in re.findall(r"\d+", line)]
    [rate] = re.findall(r"Requests/sec:\s+([\d.]+)", said)
    return Load(times["50"], times["99"], float(rate), sum(errors))


@contextmanager
def site(work: Path) -> Iterator[tuple[Server, dict[str, str]]]:
    """A newsroom of ARTICLES behind gunicorn, and the addresses of its pages by name."""
    with sqlite(work / "sqlite") as databases:
        url, output = databases.fresh(), work / "output.txt"
        own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "-m", f"{__package__}.with_django"]
        run([*command, "filling", str(ARTICLES)], own, output)
        run([*command, "reader_addresses"], own, output)
        pages: dict[str, str] = json.loads(output.read_text().splitlines()[-1])
        server = Server(url, work / "served.txt", workers=WORKERS)
        try:
            yield server, pages
        finally:
            server.stop()
