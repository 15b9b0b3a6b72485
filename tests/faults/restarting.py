"""A site under load whose database is stopped and started again, over and over.

As the main module of `account.answer`, with a folder, the data folder and port of the cluster, how
many times and a seed, on a database of that cluster. Readers, an editor, an importer and a worker
go on all the while; nobody starts anything again but the database. Prints what was wrong with what
anybody was told, and what they were told.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from articles.models import Article, Task, Transition
from articles.safety.integrity import problems
from tests.admin.racing import laws
from tests.admin.racing.browser import Browser, form_of
from tests.admin.racing.ground import Folder, Ground, people
from tests.admin.racing.presses import Account, Saved, Typing
from tests.admin.racing.races import text
from tests.benchmarks.databases import MANAGE
from tests.benchmarks.measure import ROOT
from tests.benchmarks.serving import Server, site_environment

from .servers import Cluster

BETWEEN = (1.0, 4.0)
"""Seconds that everybody has between two restarts."""
AWAY = (0.0, 0.6)
"""Seconds without a database."""
BACK = 30.0
"""Seconds after the last restart within which all must be well."""
FILES = 60
READ = ("/", "/latest/", "/topics/", "/api/news/", "/feed.atom", "/search/?q=typed")
UNUSABLE = ("the database cannot be used", "another run is at work")


class Restarting:
    """Who is at work, and what they were told."""

    def __init__(self, folder: Path, cluster: Cluster, seed: int) -> None:
        self._cluster, self._chance = cluster, random.Random(seed)
        self._folder, self._files = folder, Folder(folder / "content", FILES)
        self._ground, self._over = Ground(self._files), Event()
        self._articles = [self._ground.made() for _ in range(12)]
        self._public = self._ground.made("published")
        (person,) = people(1)
        connection.close()
        self.wrong: list[str] = []
        self.told: Counter[str] = Counter()
        self._account = Account()
        self._keys = count(1)
        # Pages are made each time, so that each of them asks the database.
        own = {"PAGE_SECONDS": "0", "TASKS": "worker", "DATABASE_POOL": "10"}
        url = os.environ["DATABASE_URL"]
        self._env = site_environment(url) | own
        self._server = Server(url, folder / "served.txt", workers=2, environ=own)
        self._browser = Browser(person, self._server.port)

    def run(self, times: int) -> None:
        with open(self._folder / "worker.txt", "wb") as said:
            worker = subprocess.Popen(
                [*MANAGE, "work"], cwd=ROOT, env=self._env, stdout=said, stderr=said
            )
        acting = (self._read, self._read, self._edit, self._import, self._ask_for_work)
        threads = [Thread(target=self._kept_up, args=[one]) for one in acting]
        for thread in threads:
            thread.start()
        for number in range(times):
            sleep(self._chance.uniform(*BETWEEN))
            self._cluster.stop("immediate" if number % 2 else "fast")
            sleep(self._chance.uniform(*AWAY))
            self._cluster.start()
        self._until_well()
        self._over.set()
        for thread in threads:
            thread.join()
        self._judge(worker)
        self._server.stop()

    def _kept_up(self, act: Callable[[], None]) -> None:
        try:
            while not self._over.is_set():
                act()
        except Exception as error:
            self.wrong.append(f"{act.__name__} ended: {type(error).__name__}: {error}")
        finally:
            connection.close()

    # Who is at work.

    def _read(self) -> None:
        path = random.choice(READ)
        answer = self._browser.get(path)
        self.told[f"reading {answer.status}"] += 1
        if answer.status not in (200, 503):
            self.wrong.append(f"{path} answered {answer.status}: {answer.body[:200]}")
        if answer.status == 200 and path == "/latest/" and self._public.title not in answer.body:
            self.wrong.append(f"{path} lacks the story")

    def _edit(self) -> None:
        """One save, acknowledged or not; the form is opened anew each time."""
        article, typed = self._chance.choice(self._articles), {"title": text("title")}
        typing = Typing(self._browser, article.pk, typed)
        page = self._browser.get(f"/admin/articles/article/{article.pk}/change/")
        if page.status == 200:
            typing.form = form_of(page.body)
            answer = self._browser.post(
                f"/admin/articles/article/{article.pk}/change/",
                typing.form.typed(typed | {"_continue": "1"}),
            )
            self.told[f"save {answer.status}"] += 1
            if answer.is_done:
                shown = typing.form.shown("initial-title")
                self._account.saved.append(
                    Saved(self._browser.person.pk, article.pk, "title", shown, typed["title"])
                )
            elif answer.status != 503 and not (answer.status == 200 and "errornote" in answer.body):
                self.wrong.append(f"a save was answered {answer.status}: {answer.body[:300]}")
        elif page.status != 503:
            self.wrong.append(f"a form was answered {page.status}: {page.body[:300]}")

    def _import(self) -> None:
        self._files.write()
        self._ended("import", [*MANAGE, "frontmatter", "import", str(self._files.path)])

    def _ended(self, what: str, command: list[str]) -> bool:
        done = subprocess.run(
            command, cwd=ROOT, env=self._env, capture_output=True, text=True, check=False
        )
        self.told[f"{what} {done.returncode}"] += 1
        is_said = done.returncode == 2 and any(word in done.stderr for word in UNUSABLE)
        if done.returncode != 0 and not is_said:
            self.wrong.append(f"{what} ended with {done.returncode}: {done.stderr[-800:]}")
        return done.returncode == 0

    def _ask_for_work(self) -> None:
        """A task for the worker, now and then; nothing is wrong with one that is refused."""
        try:
            # Whether one that was cut off is there nobody knows: each is another.
            now = Task(kind="mail", key=str(next(self._keys)), standing="waiting")
            now.made_at = now.due_at = timezone.now()
            now.save()
            self.told["asked for"] += 1
        except OperationalError:
            close_old_connections()
        self._over.wait(0.5)

    # What has to hold.

    def _until_well(self) -> None:
        """Everybody is served within a while, and nobody started anything."""
        until = monotonic() + BACK
        in_a_row = 0
        while monotonic() < until and in_a_row < 20:
            in_a_row = in_a_row + 1 if self._browser.get("/latest/").status == 200 else 0
        if in_a_row < 20:
            self.wrong.append(f"the site is not back after {BACK:.0f} s")

    def _judge(self, worker: subprocess.Popen[bytes]) -> None:
        close_old_connections()
        if not self._ended("import", [*MANAGE, "frontmatter", "import", str(self._files.path)]):
            self.wrong.append("the next import did not end")
        self._worked(worker)
        acts = list(Transition.objects.filter(article__in=self._ids).order_by("id"))
        self.wrong += laws.lost_updates(acts, self._account)
        self.wrong += laws.doubles(acts, "")
        for article in Article.objects.filter(pk__in=self._ids).select_related("draft"):
            own = [act for act in acts if act.article_id == article.pk]
            self.wrong += laws.broken_chains(article, own, is_gapless=True)
            self.wrong += laws.forgotten(article, own)
        self.wrong += [f"stories counted wrong: {one}" for one in laws.miscounted()]
        self.wrong += problems()
        self.wrong += self._tracebacks()

    @property
    def _ids(self) -> list[int]:
        return [article.pk for article in self._articles]

    def _worked(self, worker: subprocess.Popen[bytes]) -> None:
        """All that was asked for is done, by the worker that was started once."""
        until = monotonic() + 60
        while Task.objects.exclude(standing="done").exists() and monotonic() < until:
            # What died with a connection is tried again after half a minute.
            Task.objects.filter(standing="waiting").update(due_at=timezone.now())
            sleep(0.5)
        left = Task.objects.exclude(standing="done").values_list("standing", "error")
        self.wrong += [f"a task is {standing}: {error}" for standing, error in left]
        if worker.poll() is not None:
            said = (self._folder / "worker.txt").read_text()[-500:]
            self.wrong.append(f"the worker ended with {worker.returncode}: {said}")
        worker.terminate()
        worker.wait()

    def _tracebacks(self) -> list[str]:
        """Faults that gunicorn tells of itself."""
        said = (self._folder / "served.txt").read_text(errors="replace")
        return re.findall(r"Error handling request.*|Worker .* was sent .*", said)


def main(folder: str, data: str, port: str, times: str, seed: str) -> None:
    """Start it again so many times; prints what was wrong and what was told."""
    Path(folder).mkdir(parents=True)
    restarting = Restarting(Path(folder), Cluster(Path(data), int(port)), int(seed))
    restarting.run(int(times))
    print(json.dumps({"wrong": restarting.wrong, "told": restarting.told}))
