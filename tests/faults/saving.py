"""Saves over HTTP whose server is killed on the way, on the database of DATABASE_URL.

As the main module of `account.answer`, with a folder, how many kills and a seed: prints the faults,
and what was tried.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from django.db import connection

from articles.models import Article, Transition
from articles.safety.integrity import problems
from articles.states import State
from tests.admin.racing import laws
from tests.admin.racing.browser import Browser
from tests.admin.racing.ground import Folder, Ground, people
from tests.admin.racing.presses import Account, Press, Typing, bulk, lead
from tests.admin.racing.races import text
from tests.benchmarks.serving import Server

WORKERS = 2
WARM = 3
"""Saves of each kind that nothing disturbs: they say how long one takes."""
AGAIN = 20
"""Times that a person presses again while the server comes back."""

CUT = (OSError, HTTPException)
"""What a browser meets when the server dies."""


@dataclass
class Attempt:
    """A save and the articles it is about. `once`: an action that must not be done twice."""

    press: Press
    articles: list[Article]
    once: str = ""
    account: Account = field(default_factory=Account)
    was_cut: bool = False

    def send(self) -> None:
        try:
            self.press.send(self.account)
        except CUT:
            self.was_cut = True
        finally:
            connection.close()


def editing(ground: Ground, browser: Browser) -> Attempt:
    article = ground.made()
    return Attempt(Typing(browser, article.pk, {key: text(key) for key in BOTH}), [article])


def drafting(ground: Ground, browser: Browser) -> Attempt:
    article = ground.made(State.PUBLISHED)
    return Attempt(Typing(browser, article.pk, {key: text(key) for key in BOTH}), [article])


def publishing(ground: Ground, browser: Browser) -> Attempt:
    article = ground.made()
    typed = {"amp_url": text("amp_url")}
    return Attempt(Typing(browser, article.pk, typed, "publish"), [article], "publish")


def spiking_many(ground: Ground, browser: Browser) -> Attempt:
    some = [ground.made() for _ in range(4)]
    press = bulk(browser, [(one.pk, one.version) for one in some], "spike")
    return Attempt(press, some, "spike")


def swapping(ground: Ground, browser: Browser) -> Attempt:
    first, second = ground.paired(State.PUBLISHED)
    press = lead(browser, first.pk, second.pk, second.version)
    return Attempt(press, [first, second], "swap_lead")


BOTH = ("title", "body")
KINDS: tuple[Callable[[Ground, Browser], Attempt], ...] = (
    *(editing, drafting, publishing, spiking_many, swapping),
)


class Saving:
    """One person who saves, and a server that dies meanwhile."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._ground = Ground(Folder(folder, 0))
        (person,) = people(1)
        connection.close()
        self._server = Server(
            os.environ["DATABASE_URL"], folder / "served.txt", workers=WORKERS, is_preloaded=True
        )
        self._browser = Browser(person, self._server.port)
        self._longest: dict[str, float] = {}
        self.faults: list[str] = []
        self.tried: Counter[str] = Counter()
        self._articles: set[int] = set()

    def run(self, kills: int) -> None:
        """Saves of every kind in turn, until so many were killed."""
        try:
            for kind in KINDS:
                self._longest[kind.__name__] = max(self._undisturbed(kind) for _ in range(WARM))
            for kind, _ in zip(cycle(KINDS), range(kills), strict=False):
                self._killed(kind)
        finally:
            self._server.stop()
        self._judge_all()

    def _undisturbed(self, kind: Callable[[Ground, Browser], Attempt]) -> float:
        attempt = kind(self._ground, self._browser)
        attempt.press.open(attempt.account)
        begun = monotonic()
        attempt.send()
        if attempt.was_cut or attempt.account.faults:
            self.faults.append(f"{kind.__name__}, undisturbed: {attempt.account.faults}")
        return monotonic() - begun

    def _killed(self, kind: Callable[[Ground, Browser], Attempt]) -> None:
        attempt = kind(self._ground, self._browser)
        attempt.press.open(attempt.account)
        connection.close()
        sending = Thread(target=attempt.send)
        sending.start()
        sleep(self._chance.uniform(0, self._longest[kind.__name__]))
        self._server.kill_workers()
        sending.join()
        acts = _acts(attempt.articles)
        self.tried["killed"] += 1
        self.tried["cut"] += attempt.was_cut
        self.tried["kept all the same"] += attempt.was_cut and bool(acts)
        self.faults += [f"{kind.__name__}: {one}" for one in self._of_one(attempt, acts)]

    def _of_one(self, attempt: Attempt, acts: list[Transition]) -> Iterator[str]:
        """What a kill did to one save, and to the person who pressed again."""
        yield from _halves(attempt, acts)
        if not attempt.was_cut and not acts:
            yield "acknowledged, and nothing tells of it"
        if attempt.was_cut:
            yield from self._pressed_again(attempt)
        acts = _acts(attempt.articles)
        self._articles |= {one.pk for one in attempt.articles}
        yield from attempt.account.faults
        yield from laws.doubles(acts, attempt.once)
        if not attempt.was_cut:
            yield from laws.lost_updates(acts, attempt.account)
        yield from _undone(attempt)

    def _pressed_again(self, attempt: Attempt) -> Iterator[str]:
        for _ in range(AGAIN):
            attempt.account, attempt.was_cut = Account(), False
            attempt.send()
            if not attempt.was_cut:
                return
            sleep(0.5)
        yield "the site did not come back"

    def _judge_all(self) -> None:
        rows = Article.objects.filter(pk__in=self._articles)
        articles = list(rows.select_related("story", "draft", "draft_base"))
        for article in articles:
            acts = _acts([article])
            self.faults += laws.broken_chains(article, acts, is_gapless=True)
            self.faults += laws.forgotten(article, acts)
        self.faults += laws.leaks(articles)
        self.faults += map(str, laws.miscounted())
        self.faults += problems()


def _acts(articles: list[Article]) -> list[Transition]:
    return list(Transition.objects.filter(article__in=articles).order_by("id"))


def _halves(attempt: Attempt, acts: list[Transition]) -> Iterator[str]:
    """A save whose fields are not all there, or a swap of which one half is."""
    press = attempt.press
    if isinstance(press, Typing):
        # What is typed and decided along with it are two acts of one moment.
        told = {column for act in acts for column in act.changes or {}}
        if acts and not press.typed.keys() <= told:
            yield f"only {sorted(told)} of {sorted(press.typed)} was saved"
    if attempt.once == "swap_lead":
        leads = Article.objects.filter(story=attempt.articles[0].story, is_lead=True).count()
        if leads != 1:
            yield f"{leads} lead the story"


def _undone(attempt: Attempt) -> Iterator[str]:
    """What was pressed, in the end once and whole, and is not there."""
    for article in Article.objects.filter(pk__in=[one.pk for one in attempt.articles]):
        if attempt.once in STATES and article.state != STATES[attempt.once]:
            yield f"{article.slug} is {article.state} after {attempt.once}"


STATES = {"publish": State.PUBLISHED, "spike": State.SPIKED}


def main(folder: str, kills: str, seed: str) -> None:
    """Save, and print faults and what was tried."""
    Path(folder).mkdir(parents=True)
    saving = Saving(Path(folder), int(seed))
    saving.run(int(kills))
    print(json.dumps({"faults": saving.faults, "tried": saving.tried}))
