"""A site whose database may suddenly only be read, and written again.

As the main module of `account.answer`, with a folder, the port of a cluster of its own (0
for SQLite), how many times and a seed. Prints what was wrong and what was told.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from articles.models import Article
from articles.safety.integrity import problems
from tests.admin.racing.browser import Browser, form_of
from tests.admin.racing.ground import Folder, Ground, people
from tests.admin.racing.races import text
from tests.benchmarks.databases import MANAGE
from tests.benchmarks.measure import ROOT
from tests.benchmarks.serving import Server, site_environment

BACK = 90.0
"""Seconds within which the site writes again; a connection is kept for a minute."""
OBEDIENT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Makes root obey the modes of files."""


class Closing:
    """What is asked while nothing can be written, and after."""

    def __init__(self, folder: Path, port: int, seed: int) -> None:
        self._chance, self._folder, self._port = random.Random(seed), folder, port
        self._files = Folder(folder / "content", 20)
        ground = Ground(self._files)
        self._public, self._article = ground.made("published"), ground.made()
        (person,) = people(1)
        connection.close()
        url = os.environ["DATABASE_URL"]
        self._env = site_environment(url) | {"PAGE_SECONDS": "0"}
        self._prefix = () if port or os.getuid() else OBEDIENT
        self._place = Path(urlsplit(url).path)
        self._server = Server(
            *(url, folder / "served.txt"),
            workers=2,
            is_preloaded=True,
            environ={"PAGE_SECONDS": "0"},
            prefix=self._prefix,
        )
        self._browser = Browser(person, self._server.port)
        self.wrong: list[str] = []
        self.told: Counter[str] = Counter()

    def run(self, times: int) -> None:
        try:
            for number in range(times):
                # SQLite reads what cannot be written as long as somebody else has it open.
                with closing(self._held(is_held=number % 2 == 0)):
                    self._bar(is_closed=True)
                    self._read()
                self._save(is_closed=True)
                self._run("import", ["frontmatter", "import", str(self._files.path)], {2})
                self._run("backup", ["backup", str(self._folder / f"saved-{number}")], {0, 2})
                self._run("publish", ["publish_static", str(self._folder / "site")], {0, 2})
                self._bar(is_closed=False)
                self._written_again()
                self._run("import", ["frontmatter", "import", str(self._files.path)], {0})
                self._files.write()
        finally:
            self._bar(is_closed=False)
            self._server.stop()
        self.wrong += problems()

    def _held(self, *, is_held: bool) -> sqlite3.Connection:
        """A connection of another program, a worker's."""
        is_file = is_held and not self._port
        found = sqlite3.connect(self._place if is_file else ":memory:")
        found.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return found

    def _bar(self, *, is_closed: bool) -> None:
        """Take away from everybody what is needed to write, or give it back."""
        connection.close()
        if self._port:
            where = f"postgres://postgres@127.0.0.1:{self._port}/postgres"
            with psycopg.connect(where, autocommit=True) as server:
                server.execute("SET default_transaction_read_only = off")
                said = "on" if is_closed else "off"
                server.execute(f"ALTER SYSTEM SET default_transaction_read_only = {said}")
                server.execute("SELECT pg_reload_conf()")
            sleep(0.5)
            return
        for path in self._place.parent.glob(f"{self._place.name}*"):
            path.chmod(0o444 if is_closed else 0o644)
        self._place.parent.chmod(0o555 if is_closed else 0o755)
        if is_closed:
            # Whoever has it open goes on writing; a site that is started now cannot.
            self._server.kill_workers()

    def _read(self) -> None:
        for path in ("/", "/latest/", f"/news/{self._public.slug}/", "/admin/"):
            answer = self._browser.get(path)
            self.told[f"reading {answer.status}"] += 1
            if answer.status not in (200, 503):
                self.wrong.append(f"{path} answered {answer.status}: {answer.body[:300]}")

    def _save(self, *, is_closed: bool) -> bool:
        before, title = Article.objects.get(pk=self._article.pk).title, text("title")
        connection.close()
        path = f"/admin/articles/article/{self._article.pk}/change/"
        page = self._browser.get(path)
        if page.status == 200:
            typed = form_of(page.body).typed({"title": title, "_continue": "1"})
            page = self._browser.post(path, typed)
        now = Article.objects.get(pk=self._article.pk).title
        connection.close()
        self.told[f"save {page.status}"] += is_closed
        if page.status not in ((503,) if is_closed else (302, 503)):
            self.wrong.append(f"a save was answered {page.status}: {page.body[:300]}")
        if now != (title if page.is_done else before):
            self.wrong.append(f"answered {page.status}, and the title is {now}")
        return page.is_done

    def _written_again(self) -> None:
        until = monotonic() + BACK
        while monotonic() < until:
            if self._save(is_closed=False):
                return
            sleep(1)
        self.wrong.append(f"nothing can be saved after {BACK:.0f} s")

    def _run(self, what: str, words: list[str], usual: Collection[int]) -> None:
        done = subprocess.run(
            [*self._prefix, *MANAGE, *words],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        self.told[f"{what} {done.returncode}"] += 1
        if done.returncode not in usual or "Traceback" in done.stderr:
            self.wrong.append(f"{what} ended with {done.returncode}: {done.stderr[-600:]}")


def main(folder: str, port: str, times: str, seed: str) -> None:
    """Close it so many times."""
    Path(folder).mkdir(parents=True)
    trial = Closing(Path(folder), int(port), int(seed))
    trial.run(int(times))
    print(json.dumps({"wrong": trial.wrong, "told": trial.told}))
