"""Requests that mean ill, to the site as it is deployed: none may end in an error of its own.

NEWSROOM_BENCH_REQUESTS (10000) says how many the crawler sends, NEWSROOM_BENCH_SEED where its
chances begin, NEWSROOM_BENCH_SCHEMATHESIS which program tries the API, and for how many seconds
NEWSROOM_BENCH_API_SECONDS (120). What went wrong is in build/hostile.txt.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from .databases import sqlite
from .deployment import SITE, collect, deployed, gunicorn
from .figure import Figure
from .measure import ROOT, run
from .mutations_http import BROKEN, Site, request

REQUESTS = int(os.environ.get("NEWSROOM_BENCH_REQUESTS", 10_000))
SEED = int(os.environ.get("NEWSROOM_BENCH_SEED") or secrets.randbelow(10**6))
SECONDS = int(os.environ.get("NEWSROOM_BENCH_API_SECONDS", 120))
SCHEMATHESIS = os.environ.get("NEWSROOM_BENCH_SCHEMATHESIS") or shutil.which("schemathesis")
API = "schemathesis on the API: operations with unhandled errors"
CRAWLED = f"{REQUESTS:,} mutated requests: unhandled errors"
FOUND = ROOT / "build" / "hostile.txt"
PATIENCE = 30
TRACE = re.compile(r"^.*Internal Server Error: (?:.*\n){1,120}?(?=\d{4}-\d\d-)", re.M)
UNHANDLED = re.compile(r"Internal Server Error: .*")


def figures() -> Iterator[Figure]:
    """What the API and what everything else answers to requests that mean ill."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            url, said = databases.fresh(), work / "said.txt"
            env = deployed(url, work)
            collect(env, said)
            asking = [sys.executable, "-m", f"{__package__}.with_django", "hostile_site"]
            run([*asking, str(work / "content")], env, said)
            site = Site(**json.loads(said.read_text().splitlines()[-1]))
            with gunicorn(SITE, env, work / "served.txt", workers=2) as server:
                yield _api(server.address, work)
                yield _crawled(server.address, site, work / "served.txt")


def _api(address: str, work: Path) -> Figure:
    if not SCHEMATHESIS:
        return Figure.missing(API, 0, "schemathesis is not installed")
    asked = [SCHEMATHESIS, "run", f"{address}/api/v1/openapi.json", "--url", address]
    checks = ["--checks", "not_a_server_error", "--max-time", str(SECONDS), "--no-color"]
    # It leaves what it learnt where it runs.
    done = subprocess.run([*asked, *checks], cwd=work, capture_output=True, text=True, check=False)
    sent = re.search(r"([\d,]+) generated", done.stdout)
    failed = len(re.findall(r"^_{3,} .+ _{3,}$", done.stdout, re.M))
    if done.returncode and not failed:
        return Figure.missing(API, 0, f"schemathesis ended with {done.returncode}")
    if failed:
        _note(done.stdout)
    note = f"{sent[1] if sent else 'some'} requests"
    return replace(Figure.at_most(API, failed, 0), note=note)


def _crawled(address: str, site: Site, output: Path) -> Figure:
    already = len(output.read_text(errors="replace"))
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(SEED, SEED + REQUESTS):
        asked = request(seed, site, urlsplit(address).netloc)
        answer = _answer(address, asked)
        answers[answer[:1] or "none"] += 1
        # What is no request needs no answer.
        if answer.startswith("5") or not (answer or asked in BROKEN):
            wrong.append(f"seed {seed}: {answer or 'no answer'} to {asked[:300]!r}")
    said = output.read_text(errors="replace")[already:]
    unhandled = UNHANDLED.findall(said)
    if wrong or unhandled:
        _note("\n".join([*wrong, *TRACE.findall(said)]))
    kinds = ", ".join(f"{count:,} {kind}xx" for kind, count in sorted(answers.items()))
    figure = Figure.at_most(CRAWLED, max(len(wrong), len(unhandled)), 0)
    return replace(figure, note=f"{kinds}; seed {SEED}")


def _answer(address: str, asked: bytes) -> str:
    """The status of the answer; empty where there is none."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE) as connection:
        try:
            connection.sendall(asked)
            connection.shutdown(socket.SHUT_WR)
            head = connection.recv(64)
            while connection.recv(65_536):
                pass
        except OSError:
            return ""
    found = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    return found[1].decode() if found else ""


def _note(said: str) -> None:
    FOUND.parent.mkdir(exist_ok=True)
    with open(FOUND, "a", encoding="utf-8") as file:
        file.write(f"{said}\n")
