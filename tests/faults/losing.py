"""A site whose Redis dies, hangs and is back, while stories change.

As the main module of `account.answer`, with a folder, how many times and a seed. Prints answers
that were wrong, late ones apart, and how long the longest took.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path
from time import monotonic

from django.db import connection

from articles.models import Article, Upload
from tests.admin.racing.browser import Answer, Browser
from tests.admin.racing.ground import Folder, Ground, people
from tests.benchmarks.serving import Server
from tests.content import Piece
from tests.uploads.packing import zip_of

from .servers import Redis

READ = ("/", "/latest/", "/feed.atom", "/api/news/")
DESK = ("/admin/", "/admin/articles/task/", "/admin/articles/upload/", "/search/?q=told")
LONGEST = 20.0
"""Seconds that nobody waits for an answer, Redis or not."""


class Losing:
    """What is asked of the site with Redis, without, and with it again."""

    def __init__(self, folder: Path, redis: Redis, seed: int) -> None:
        self._redis, self._chance = redis, random.Random(seed)
        ground = Ground(Folder(folder / "ground", 0))
        self._stories = [ground.made("published") for _ in range(5)]
        (person,) = people(1)
        connection.close()
        own = {"CACHE_URL": redis.url, "PAGE_SECONDS": "60", "SLOW_QUERY_MS": "1"}
        own |= {"SEARCH_A_MINUTE": "100000", "API_A_MINUTE": "100000"}
        url = os.environ["DATABASE_URL"]
        self._server = Server(url, folder / "served.txt", workers=2, environ=own)
        self._browser = Browser(person, self._server.port)
        self.wrong: list[str] = []
        self.told: Counter[str] = Counter()
        self.longest = 0.0

    def run(self, times: int) -> None:
        try:
            for number in range(times):
                self._all("with Redis")
                is_dead = number % 2 == 0
                self._redis.kill() if is_dead else self._redis.freeze()
                self._all("without" if is_dead else "while it hangs")
                self._redis.start() if is_dead else self._redis.thaw()
                self._all("with it again")
        finally:
            self._server.stop()

    def _all(self, when: str) -> None:
        """A change is seen at once, twice over, and the desk works."""
        for _ in range(2):
            story = self._chance.choice(self._stories)
            title = f"Told {self._chance.random()}"
            Article.objects.filter(pk=story.pk).update(title=title)
            connection.close()
            for path in READ:
                for _ in range(2):
                    answer = self._get(when, path)
                    if answer.status == 200 and title not in answer.body:
                        self.wrong.append(f"{when}: {path} shows what was before")
        for path in DESK:
            self._get(when, path)
        self._bring(when)

    def _get(self, when: str, path: str) -> Answer:
        begun = monotonic()
        answer = self._browser.get(path)
        took = monotonic() - begun
        self.longest = max(self.longest, took)
        self.told[f"{when} {answer.status}"] += 1
        if answer.status != 200:
            self.wrong.append(f"{when}: {path} answered {answer.status}: {answer.body[-300:]}")
        if took > LONGEST:
            self.wrong.append(f"{when}: {path} took {took:.0f} s")
        return answer

    def _bring(self, when: str) -> None:
        name = f"{self._chance.randrange(10**9)}"
        data = zip_of({f"_news/{name}.md": Piece(name).data})
        answer = self._browser.bring("/admin/articles/upload/", f"{name}.zip", data)
        upload = Upload.objects.filter(name=f"{name}.zip").first()
        standing = upload.standing if upload else "not there"
        if (answer.status, standing) != (302, "planned"):
            self.wrong.append(f"{when}: an upload was answered {answer.status} and is {standing}")
        connection.close()


def main(folder: str, times: str, seed: str) -> None:
    """Lose it so many times."""
    Path(folder).mkdir(parents=True)
    redis = Redis()
    try:
        losing = Losing(Path(folder), redis, int(seed))
        losing.run(int(times))
    finally:
        redis.kill()
    print(json.dumps({"wrong": losing.wrong, "told": losing.told, "longest": losing.longest}))
