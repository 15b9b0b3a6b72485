"""A morning at the queue in a real browser: what is lost of it, and how long it takes.

NEWSROOM_BENCH_MORNING is the number of articles, NEWSROOM_BENCH_SEED varies the morning.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM_ARGS

from .databases import Databases, postgresql, sqlite
from .figure import Figure
from .measure import run
from .morning_script import Editor, Kept, Trouble
from .serving import Server, site_environment

COUNT = int(os.environ.get("NEWSROOM_BENCH_MORNING", "200"))
SEED = os.environ.get("NEWSROOM_BENCH_SEED", "1")
ROWS = "SELECT id, title, excerpt, state FROM articles_article"
DECISIONS = (
    "SELECT article_id, comment FROM articles_transition"
    " WHERE action IN ('publish', 'approve', 'spike')"
)
LOSSES = ("decisions lost or done twice", "characters lost", "reloads that lose the place")


def figures() -> Iterator[Figure]:
    """What a morning loses on each database, and its times."""
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory(prefix="newsroom-morning-") as folder:
        for opened in (sqlite, postgresql):
            name = "SQLite" if opened is sqlite else "PostgreSQL"
            try:
                if chromium is None:
                    raise FileNotFoundError("Chromium is not installed")
                with opened(Path(folder) / name) as databases:
                    yield from _figures(databases, chromium, Path(folder) / f"{name}.txt")
            except (FileNotFoundError, psycopg.OperationalError) as why:
                for loss in LOSSES:
                    yield Figure.missing(f"a morning, {name}: {loss}", 0, str(why).splitlines()[0])


def _figures(databases: Databases, chromium: str, output: Path) -> Iterator[Figure]:
    url = databases.fresh()
    fill = [sys.executable, "-m", f"{__package__}.with_django", "morning_fill", str(COUNT), SEED]
    run(fill, site_environment(url), output)
    started = perf_counter()
    kept = _morning(url, chromium, output)
    minutes = (perf_counter() - started) / 60
    lost = (*_lost(url, kept), kept.places_lost)
    slow = quantiles(kept.seconds, n=20)[-1]
    notes = (
        f"{COUNT} decisions in {minutes:.1f} min, {median(kept.seconds):.2f} s each,"
        f" 95 % under {slow:.2f} s, {kept.troubles} times in trouble",
        f"{kept.characters} typed",
        f"{COUNT // 9} reloads",
    )
    for loss, got, note in zip(LOSSES, lost, notes, strict=True):
        figure = Figure.at_most(f"a morning, {databases.name}: {loss}", got, 0)
        yield replace(figure, note=note)


def _morning(url: str, chromium: str, output: Path) -> Kept:
    server = Server(url, output)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
            context = browser.new_context(base_url=server.address, locale="en-GB")
            context.set_default_timeout(60_000)
            troubles = [
                Trouble("session", lambda: _sessions_end(url), lambda: None),
                Trouble(
                    "network",
                    lambda: context.set_offline(True),
                    lambda: context.set_offline(False),
                ),
                Trouble("server", server.kill, server.start),
            ]
            return Editor(context.new_page(), random.Random(SEED), troubles).work(COUNT)
    finally:
        server.kill()


def _lost(url: str, kept: Kept) -> tuple[int, int]:
    """Decisions that are not in force or were made twice; characters that are nowhere."""
    rows = {row[0]: row[1:] for row in _asked(url, ROWS)}
    acts: dict[int, list[str]] = {}
    for article, comment in _asked(url, DECISIONS):
        acts.setdefault(article, []).append(comment)
    decisions = sum(
        rows[article][2] != state or len(acts.get(article, [])) != 1
        for article, state in kept.states.items()
    )
    texts = [(text, rows[article][0]) for article, text in kept.titles.items()]
    texts += [(text, rows[article][1]) for article, text in kept.excerpts.items()]
    texts += [(text, "".join(acts.get(article, []))) for article, text in kept.comments.items()]
    return decisions, sum(len(text) for text, found in texts if text != found)


def _sessions_end(url: str) -> None:
    _asked(url, "DELETE FROM django_session")


def _asked(url: str, statement: str) -> list[Any]:
    """The rows of a statement, on the database itself, past the site."""
    if url.startswith("sqlite"):
        with sqlite3.connect(urlsplit(url).path, timeout=20) as database:
            return database.execute(statement).fetchall()
    with psycopg.connect(url) as server:
        cursor = server.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []
