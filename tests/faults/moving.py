"""A site whose clock is put a day on or back while it runs.

As the main module of `account.answer`, with a folder, how many times and a seed. Prints what was
wrong by the clock that the site had then, and what was told.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic, sleep

from django.db import connection
from django.utils import timezone

from articles.models import Article, Task
from articles.safety.integrity import problems
from articles.stories import refresh
from tests.admin.racing.browser import Browser, form_of
from tests.admin.racing.ground import Folder, Ground, people
from tests.admin.racing.races import text
from tests.benchmarks.measure import ROOT
from tests.benchmarks.serving import Server, site_environment

from .moved import CLOCK, EVERY
from .passing import Moments, files_below

MOVED = (sys.executable, "-m", "tests.faults.moved")
DAY = timedelta(days=1)
HOURS = (-30, -18, -6, 6, 18, 30)
"""When stories go live, and others end, seen from the right clock."""
SOON = 30.0
"""Seconds within which a worker does what waits."""


class Moving:
    """What is asked before, while and after the clock is wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance, self._folder = random.Random(seed), folder
        self._files = Folder(folder / "content", 12)
        self._clock, self._by = folder / "clock", timedelta(0)
        self._put(timedelta(0))
        ground = Ground(self._files)
        self._article = ground.made()
        self._stories = list(self._scheduled(ground, timezone.now()))
        (person,) = people(1)
        connection.close()
        own = {"TASKS": "worker", "PAGE_SECONDS": "60", CLOCK: str(self._clock)}
        url = os.environ["DATABASE_URL"]
        self._env = site_environment(url) | own
        self._server = Server(url, folder / "served.txt", environ=own, manage=MOVED)
        self._browser = Browser(person, self._server.port)
        self._keys = count(1)
        self.wrong: list[str] = []
        self.told: Counter[str] = Counter()

    def run(self, times: int) -> None:
        worker = subprocess.Popen([*MOVED, "work"], cwd=ROOT, env=self._env)
        try:
            for _ in range(times):
                self._put(self._chance.choice([DAY, -DAY]))
                self._all(f"{self._by}")
                self._put(timedelta(0))
                self._all("right again")
            self._worked()
        finally:
            self._server.stop()
            worker.terminate()
            worker.wait()
        self.wrong += problems()

    def _put(self, by: timedelta) -> None:
        self._by = by
        beside = self._clock.with_suffix(".new")
        beside.write_text(f"{by.total_seconds():+.0f}\n")
        beside.replace(self._clock)
        sleep(10 * EVERY)

    @staticmethod
    def _scheduled(ground: Ground, now: datetime) -> Iterator[Moments]:
        for hours in HOURS:
            for begins, ends in (
                (now + timedelta(hours=hours), None),
                (now - 3 * DAY, now + timedelta(hours=hours)),
            ):
                article = ground.made("published")
                first = begins
                Article.objects.filter(pk=article.pk).update(
                    go_live_at=begins, first_published_at=first, expire_at=ends
                )
                refresh([article.story_id])
                yield Moments(article.slug, begins, ends)

    def _all(self, when: str) -> None:
        for _ in range(2):
            self._read(when)
        self._save(when)
        Task.objects.create(
            kind="mail", key=str(next(self._keys)), made_at=self._now(), due_at=self._now()
        )
        connection.close()
        self._files.write()
        self._ran(when, "frontmatter", "import", str(self._files.path))
        self._publish(when)

    def _now(self) -> datetime:
        return timezone.now() + self._by

    def _read(self, when: str) -> None:
        for story in self._stories:
            path, wanted = f"/news/{story.slug}/", story.status(self._now())
            answer = self._browser.get(path)
            self.told[f"reading {answer.status}"] += 1
            if answer.status != wanted:
                self.wrong.append(f"{when}: {path} answered {answer.status} for {wanted}")
        lists = self._browser.get("/latest/")
        for story in self._stories:
            is_shown = f"/news/{story.slug}/" in lists.body
            if is_shown is not (story.status(self._now()) == 200):
                self.wrong.append(f"{when}: /latest/ shows {story.slug}: {is_shown}")

    def _save(self, when: str) -> None:
        path, title = f"/admin/articles/article/{self._article.pk}/change/", text("title")
        page = self._browser.get(path)
        typed = form_of(page.body).typed({"title": title, "_continue": "1"})
        answer = self._browser.post(path, typed)
        self.told[f"save {answer.status}"] += 1
        if not answer.is_done or Article.objects.get(pk=self._article.pk).title != title:
            self.wrong.append(f"{when}: a save was answered {answer.status}: {answer.body[:300]}")
        connection.close()

    def _publish(self, when: str) -> None:
        """What is kept of the static site is as if made anew by that clock."""
        kept, anew = self._folder / "kept", self._folder / "anew"
        self._ran(when, "publish_static", str(kept))
        self._ran(when, "publish_static", "--fresh", str(anew))
        for path in sorted({*files_below(kept), *files_below(anew)}):
            one, other = kept / path, anew / path
            if not (one.exists() and other.exists() and one.read_bytes() == other.read_bytes()):
                self.wrong.append(f"{when}: static host: {path}")

    def _ran(self, when: str, *words: str) -> None:
        done = subprocess.run(
            [*MOVED, *words],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        self.told[f"{words[0]} {done.returncode}"] += 1
        if done.returncode:
            self.wrong.append(f"{when}: {words[0]}: {done.returncode}: {done.stderr[-400:]}")

    def _worked(self) -> None:
        until = monotonic() + SOON
        while Task.objects.exclude(standing="done").exists() and monotonic() < until:
            sleep(0.5)
        left = Task.objects.exclude(standing="done").values_list("key", "standing", "due_at")
        self.wrong += [f"a task is {one}" for one in left]


def main(folder: str, times: str, seed: str) -> None:
    """Move it so many times."""
    Path(folder).mkdir(parents=True)
    moving = Moving(Path(folder), int(seed))
    moving.run(int(times))
    print(json.dumps({"wrong": moving.wrong, "told": moving.told}))
