"""Readers, editors and the importer at once: `with_django mixed_load PORT FOLDER SECONDS SEED`.

Asks a site that is served at PORT, on the database at hand, and imports FOLDER again and again with
some of its files changed. Prints as JSON what went `wrong`, and how much was done.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from time import monotonic, perf_counter, sleep

from django.db import connection

from articles.models import Article
from articles.states import State
from tests.admin.racing.browser import Browser
from tests.admin.racing.ground import people
from tests.admin.racing.presses import LIST, Account, Typing, triage

from .databases import MANAGE
from .measure import ROOT
from .reader_asking import pages

READERS, EDITORS = 3, 3
FILES = 39
"""What changes an hour in a real site; here with every import."""

THINKING = (0.1, 1.0)
"""Seconds between two presses; people think longer, and are more."""

PAGES = ("articles/article/", "articles/article/?tab=all", "articles/article/triage/", "")
DECIDING = ("publish", "spike", "approve", "claim")
LOCKED = "is locked"


@dataclass
class Done:
    """What came of it; `seconds` by kind of request."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def note(self, kind: str, took: float, wrong: Sequence[str] = ()) -> None:
        with self.lock:
            self.counts[kind] += 1
            self.seconds.setdefault(kind, []).append(took)
            self.wrong += [f"{kind}: {one}" for one in wrong]

    def late(self, kind: str) -> float:
        """Seconds that 99 of 100 took less than."""
        found = sorted(self.seconds.get(kind, [0.0]))
        return found[len(found) * 99 // 100]


def main(port: str, folder: str, seconds: str, seed: str) -> None:
    done, over = Done(), Event()
    addresses = [*pages(0).values()]
    browsers = [Browser(person, int(port)) for person in people(EDITORS)]
    reader = Browser(browsers[0].person, int(port))
    reader._cookies = "csrftoken=x"
    chances = (random.Random(int(seed) * 100 + number) for number in range(100))
    parts: list[Callable[[], None]] = [
        *(_part(_read, reader, addresses, next(chances), done) for _ in range(READERS)),
        *(_part(_edit, browser, next(chances), done) for browser in browsers),
        _part(_import, Path(folder), next(chances), done),
    ]
    connection.close()
    with ThreadPoolExecutor(len(parts)) as pool:
        running = [pool.submit(_go_on, part, over) for part in parts]
        until = monotonic() + int(seconds)
        while monotonic() < until and not any(one.done() for one in running):
            sleep(0.2)
        over.set()
    for one in running:
        one.result()
    said = {
        "wrong": done.wrong,
        "counts": done.counts,
        "late": {kind: done.late(kind) for kind in done.counts},
    }
    print(json.dumps(said))


def _part(do: Callable[..., None], *arguments: object) -> Callable[[], None]:
    return lambda: do(*arguments)


def _go_on(do: Callable[[], None], over: Event) -> None:
    try:
        while not over.is_set():
            do()
    finally:
        connection.close()


def _read(browser: Browser, addresses: Sequence[str], chance: random.Random, done: Done) -> None:
    address, begun = chance.choice(addresses), perf_counter()
    answer = browser.get(address)
    is_wrong = answer.status not in (200, 302, 404, 410) or LOCKED in answer.body
    wrong = [f"{address} answered {answer.status}"] if is_wrong else []
    done.note("reader", perf_counter() - begun, wrong)


def _edit(browser: Browser, chance: random.Random, done: Done) -> None:
    """Looks at a list, then decides something about an article, or types into it."""
    account, begun = Account(), perf_counter()
    account.check(browser.get(f"/admin/{chance.choice(PAGES)}"), 200, 302)
    article = _some(chance)
    connection.close()
    if article is not None:
        if chance.random() < 0.4:
            triage(browser, article.pk, article.version, chance.choice(DECIDING)).send(account)
        else:
            _type(browser, article, chance, account)
    account.check(browser.get(f"{LIST}{article.pk}/change/"), 200, 302) if article else None
    # That somebody else was first is no error.
    wrong = [one for one in account.faults if one.startswith(("answered", "a person reads"))]
    done.note("editor", perf_counter() - begun, wrong)
    sleep(chance.uniform(*THINKING))


def _some(chance: random.Random) -> Article | None:
    states = [State.NEW, State.IN_REVIEW, State.APPROVED, State.PUBLISHED]
    rows = Article.objects.filter(state=chance.choice(states)).order_by("-pk")
    return rows[chance.randrange(50) :].first()


def _type(browser: Browser, article: Article, chance: random.Random, account: Account) -> None:
    words = {"title": f"Typed at the desk, the {chance.randrange(10**6)}th"}
    act = ""
    if article.state in (State.NEW, State.APPROVED) and chance.random() < 0.5:
        act = "publish"
    elif article.state == State.PUBLISHED and chance.random() < 0.3:
        act = "unpublish"
    said = {"comment-unpublish": "It was wrong.", "_comment": "It was wrong."}
    typing = Typing(browser, article.pk, {} if act else words, act, said if act else {})
    typing.open(account)
    typing.send(account)


def _import(folder: Path, chance: random.Random, done: Done) -> None:
    files = sorted((folder / "_news").iterdir())
    for path in chance.sample(files, min(FILES, len(files))):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('excerpt: "', f'excerpt: "{chance.randrange(10)}', 1))
    begun = perf_counter()
    asked = [*MANAGE, "frontmatter", "import", str(folder)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    is_wrong = said.returncode not in (0, 1) or LOCKED in said.stderr
    wrong = [f"ended with {said.returncode}: {said.stderr[-500:]}"] if is_wrong else []
    done.note("import", perf_counter() - begun, wrong)
