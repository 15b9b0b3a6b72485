"""Runs races, with an import at work all the while, and judges them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

from django.db import connection

from articles.exchange import run_import
from articles.models import Article, Transition

from . import laws
from .browser import Browser
from .ground import Folder, Ground, importing, people
from .presses import Account, Press
from .races import KINDS, Race, Setting
from .serving import served

LANES = 2
"""Races at the same time, each with people of its own."""

EACH = 4
"""People in a lane, each with a thread."""


@dataclass
class Result:
    """What the races came to: faults by law, and how much was tried."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, law: str, found: list[str]) -> None:
        self.faults.setdefault(law, []).extend(found)


LOST = "lost updates"
DOUBLE = "double transitions"
ERRORS = "server errors"
COLLISIONS = "collisions of different keys"
PUBLIC = "pages that say otherwise than the state"
COUNTS = "stories counted wrong"
LAWS = (LOST, DOUBLE, ERRORS, COLLISIONS, PUBLIC, COUNTS)


def race(folder: Path, races: int, files: int, seed: int, each: int = EACH) -> Result:
    """Run so many races on the database at hand, an import of `files` changed files beside them.

    `each`: people in each lane, two at least.
    """
    changing = Folder(folder, files)
    run_import([folder])
    result = Result({law: [] for law in LAWS})
    ground, persons = Ground(changing), people(LANES * each)
    with served() as site, importing(changing) as imports:
        browsers = [Browser(person, site.port) for person in persons]
        meet = _Meeting(ground, result, count(), races)
        with ThreadPoolExecutor(LANES) as lanes:
            parts = [browsers[each * n : each * (n + 1)] for n in range(LANES)]
            chances = [random.Random(seed * LANES + n) for n in range(LANES)]
            list(lanes.map(meet.lane, parts, chances))
    result.add(ERRORS, [*site.errors, *imports.errors])
    result.tried["rounds of the import"] += imports.rounds
    _judge(result, ground, meet.raced)
    return result


class _Meeting:
    """Races one after another in each lane, until there were enough."""

    def __init__(self, ground: Ground, result: Result, numbers: Iterator[int], races: int) -> None:
        self._ground, self._result = ground, result
        self._numbers, self._races = numbers, races
        self._lock = Lock()
        self.raced: set[int] = set()

    def lane(self, browsers: list[Browser], chance: random.Random) -> None:
        setting = Setting(self._ground, browsers, chance)
        try:
            with ThreadPoolExecutor(len(browsers) + 1) as runners:
                while (number := next(self._numbers)) < self._races:
                    self._one(KINDS[number % len(KINDS)], setting, runners)
        finally:
            connection.close()

    def _one(
        self, kind: Callable[[Setting], Race], setting: Setting, runners: ThreadPoolExecutor
    ) -> None:
        meeting, account = kind(setting), Account()
        ids = [article.pk for article in meeting.articles]
        acts = Transition.objects.filter(article__in=ids).order_by("id")
        before = acts.count()
        # A lane that waits needs no connection; others do.
        connection.close()
        _run(meeting.presses, account, runners)
        done = list(acts[before:])
        with self._lock:
            self._note(kind.__name__, meeting, account, done)

    def _note(self, kind: str, meeting: Race, account: Account, done: list[Transition]) -> None:
        filed = {article.pk for article in meeting.articles} - self._ground.quiet
        self.raced |= {article.pk for article in meeting.articles}
        for law, found in (
            (LOST, laws.lost_updates(done, account)),
            (DOUBLE, laws.doubles(done, meeting.once)),
            (ERRORS, [one for one in account.faults if one.startswith("answered")]),
            (COLLISIONS, laws.false_collisions(done, account, filed)),
            (LOST, [one for one in account.faults if not one.startswith("answered")]),
        ):
            self._result.add(law, [f"{kind}: {one}" for one in found])
        tried = self._result.tried
        for what, number in (
            ("races", 1),
            (f"races, {kind}", 1),
            ("texts saved", len(account.saved)),
            ("acts", len(done)),
            ("collisions", len(account.collided)),
            ("forms shown again", account.again),
        ):
            tried[what] += number


def _run(presses: list[Press], account: Account, runners: ThreadPoolExecutor) -> None:
    together = Barrier(len(presses))

    def run(press: Press) -> None:
        try:
            press.open(account)
            together.wait(timeout=300)
            press.send(account)
        except BaseException:
            together.abort()
            raise
        finally:
            connection.close()

    list(runners.map(run, presses))


def _judge(result: Result, ground: Ground, raced: set[int]) -> None:
    """What holds once everybody is done, of every article that was raced on."""
    articles = Article.objects.filter(pk__in=raced).select_related("story", "draft", "draft_base")
    acts: dict[int, list[Any]] = defaultdict(list)
    for act in Transition.objects.filter(article__in=raced).order_by("id"):
        acts[act.article_id].append(act)
    for article in articles:
        is_gapless = article.pk in ground.quiet
        found = laws.broken_chains(article, acts[article.pk], is_gapless=is_gapless)
        result.add(DOUBLE, found)
        result.add(LOST, laws.forgotten(article, acts[article.pk]))
    result.add(PUBLIC, laws.leaks(articles))
    result.add(COUNTS, laws.miscounted())
