"""Readers a core: the cached front page beside an empty view, and the static output beside a file.

Both of a pair take turns, NEWSROOM_BENCH_CORE_SECONDS (1) each: machines that others use as well
are twice as fast in one second as in another, so that the figure is the median of their ratios.
A core's second is one in which the server was busy, whoever else was.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from getpass import getuser
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .databases import MANAGE, Databases, sqlite
from .deployment import EMPTY, SITE, answers, collect, cpu_of, deployed, gunicorn
from .figure import Figure
from .measure import run
from .serving import free_port

SECONDS = int(os.environ.get("NEWSROOM_BENCH_CORE_SECONDS", 1))
ARTICLES, PUBLISHED, ROUNDS, CONNECTIONS, PAGES = 10_000, 300, 30, 4, 50
STAY = ("--max-requests", "0")
"""Within a round as many are asked as a worker lives for, and what it cost would go with it."""

FRONT = "cached front page / an empty Django view, readers a core"
STATIC = "static output / nginx on a plain file, readers a core"
REACHES = {FRONT: 0.8, STATIC: 0.9}
NO_WRK, NO_NGINX = "wrk is not installed", "nginx is not installed"

NGINX = """
user {user};
worker_processes 1;
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; }}
  access_log off;
  sendfile on;
  open_file_cache max=10000 inactive=60s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    index index.html;
    error_page 404 /404.html;
  }}
}}
"""
EACH = """
local paths, at = {{{paths}}}, 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


class Asked(NamedTuple):
    """Requests a core's second and a second of the clock, and how many failed."""

    a_core: float
    a_second: float
    failed: int


def figures() -> Iterator[Figure]:
    """The two figures, of SQLite; a page that is kept asks a database for no more than the time."""
    if not shutil.which("wrk"):
        for name, reach in REACHES.items():
            yield Figure.missing(name, reach, NO_WRK)
        return
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            yield _front(_filled(databases, ARTICLES, work), work)
            if shutil.which("nginx"):
                yield _static(_filled(databases, PUBLISHED, work), work)
            else:
                yield Figure.missing(STATIC, REACHES[STATIC], NO_NGINX)


def _filled(databases: Databases, articles: int, work: Path) -> str:
    url = databases.fresh()
    command = [sys.executable, "-m", f"{__package__}.with_django", "filling", str(articles)]
    run(command, deployed(url, work), work / "output.txt")
    return url


def _front(url: str, work: Path) -> Figure:
    env = deployed(url, work)
    collect(env, work / "output.txt")
    said = work / "served.txt"
    # A worker has one for itself where, as by default, there is a worker for each.
    core = min(os.sched_getaffinity(0))
    with (
        gunicorn(SITE, env, said, *STAY, core=core) as site,
        gunicorn(EMPTY, env, said, *STAY, core=core) as empty,
    ):
        turns = _in_turns(
            lambda: asked(f"{site.address}/", lambda: site.cpu),
            lambda: asked(f"{empty.address}/", lambda: empty.cpu),
        )
    return _figure(FRONT, turns)


def _static(url: str, work: Path) -> Figure:
    """Pages of the output by their addresses, and the same bytes as files of plain names."""
    output, plain = work / "site", work / "plain"
    run([*MANAGE, "publish_static", str(output)], deployed(url, work), work / "output.txt")
    pages = [output / "index.html", *sorted(output.glob("news/*/index.html"))[: PAGES - 1]]
    plain.mkdir()
    for number, page in enumerate(pages):
        shutil.copyfile(page, plain / f"{number}.html")
    folders = [str(page.parent.relative_to(output)) for page in pages]
    ours = each(["/" if name == "." else f"/{name}/" for name in folders], work / "ours.lua")
    theirs = each([f"/{number}.html" for number in range(len(pages))], work / "theirs.lua")
    with _nginx(output, work / "one") as site, _nginx(plain, work / "other") as files:
        turns = _in_turns(
            lambda: asked(site.address, lambda: cpu_of(site.process), ours),
            lambda: asked(files.address, lambda: cpu_of(files.process), theirs),
        )
    return _figure(STATIC, turns)


def asked(
    address: str, cpu: Callable[[], float], script: Path | None = None, seconds: int = SECONDS
) -> Asked:
    """What wrk got of a server within so many seconds, and what that cost it."""
    asking = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
    own = ["-s", str(script)] if script else []
    before = cpu()
    said = subprocess.run([*asking, *own, address], check=True, capture_output=True, text=True)
    return read(said.stdout, cpu() - before)


def read(said: str, busy: float) -> Asked:
    """What wrk printed, of a server that was busy for so many seconds."""
    # The time beside it is rounded, in minutes and hours for long ones.
    [requests] = re.findall(r"(\d+) requests in ", said)
    [a_second] = re.findall(r"Requests/sec:\s+([\d.]+)", said)
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    for line in re.findall(r"Socket errors: (.*)", said):
        failed += sum(map(int, re.findall(r"\d+", line)))
    return Asked(int(requests) / busy, float(a_second), failed)


def _in_turns(ours: Callable[[], Asked], theirs: Callable[[], Asked]) -> list[tuple[Asked, Asked]]:
    return [(ours(), theirs()) for _ in range(ROUNDS)]


def _figure(name: str, turns: list[tuple[Asked, Asked]]) -> Figure:
    # The first makes what is kept for the others.
    rates = [(ours.a_core, theirs.a_core) for ours, theirs in turns[1:]]
    note = " / ".join(f"{median(side):,.0f}" for side in zip(*rates, strict=True))
    if failed := sum(one.failed for turn in turns for one in turn):
        return Figure.missing(name, REACHES[name], f"{failed} requests failed; {note}")
    ratio = median(ours / theirs for ours, theirs in rates)
    return replace(Figure.at_least(name, ratio, REACHES[name]), note=note)


def each(paths: list[str], script: Path) -> Path:
    """A script for wrk that asks for each of them in turn."""
    quoted = ", ".join(f'"{path}"' for path in paths)
    script.write_text(EACH.format(paths=quoted), encoding="utf-8")
    return script


class Files(NamedTuple):
    """nginx on a folder."""

    address: str
    process: int


@contextmanager
def _nginx(root: Path, folder: Path) -> Iterator[Files]:
    folder.mkdir()
    port, configuration = free_port(), folder / "nginx.conf"
    # As another user it could not look into a temporary folder of ours.
    text = NGINX.format(user=getuser(), folder=folder, root=root, port=port)
    configuration.write_text(text, encoding="utf-8")
    process = subprocess.Popen(["nginx", "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        answers(f"{address}/404.html", folder / "error.log")
        yield Files(address, process.pid)
    finally:
        process.terminate()
        process.wait()
