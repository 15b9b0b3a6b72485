"""What is raced on: a folder of files that keeps changing, people, and articles in any state."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from articles.exchange import run_import
from articles.models import Article
from articles.states import State
from articles.stories import refresh
from tests.content import Piece, put, story
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

EVERY = 3
"""Of so many files one asks to be published or joins its neighbour, for so many rounds; then it
asks for the opposite. Were it every round, who waits for the import would never get to save: each
time the state is another than the one on the page."""


class Folder:
    """A content folder whose files change all at once, from round to round."""

    def __init__(self, path: Path, files: int) -> None:
        self._path, self._files, self.round = path, files, 0
        self.write()

    @property
    def path(self) -> Path:
        return self._path

    @property
    def slugs(self) -> list[str]:
        return [f"press-{number}" for number in range(self._files)]

    def write(self) -> None:
        """The next round: every excerpt is new, some files ask for more than that."""
        self.round += 1
        is_apart = self.round // EVERY % 2 == 0
        pieces = [self._piece(number, is_apart) for number in range(self._files)]
        for first in range(0, self._files - 1, EVERY * 4):
            if not is_apart:
                pieces[first : first + 2] = story(*pieces[first : first + 2])
        put(self._path, *pieces)

    def _piece(self, number: int, is_apart: bool) -> Piece:
        asks = number % EVERY == 2
        text = f"Told for the {self.round}th time by press {number}."
        return Piece(
            f"press-{number}",
            published=asks and not is_apart,
            extra={"excerpt": text},
            link=f"https://press-{number % 7}.example/{number}",
        )


class Importing(Thread):
    """Imports a folder, changes it and imports it again, until it is told to stop."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self._folder, self._over = folder, Event()
        self.errors: list[str] = []
        self.rounds = 0

    def run(self) -> None:
        try:
            while not self._over.is_set():
                self._folder.write()
                self._import()
        finally:
            connection.close()

    def _import(self) -> None:
        try:
            run_import([self._folder.path])
            self.rounds += 1
        except Exception:
            self.errors.append(traceback.format_exc(limit=-6))

    def stop(self) -> None:
        self._over.set()


@contextmanager
def importing(folder: Folder) -> Iterator[Importing]:
    """An import at work beside whatever is done meanwhile."""
    thread = Importing(folder)
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()
        thread.join()


class Ground:
    """Hands out articles to race on: those of files, each once, and ones that no file touches."""

    def __init__(self, folder: Folder) -> None:
        self.quiet: set[int] = set()
        self._slugs = iter(folder.slugs)
        self._lock = Lock()
        self._provider = make_provider()
        self._topic = make_topic()

    def filed(self) -> Article | None:
        """An article of a file that nobody raced on yet; None when all were."""
        with self._lock:
            slug = next(self._slugs, None)
        return Article.objects.get(slug=slug) if slug else None

    def made(self, state: str = State.NEW) -> Article:
        """An article that only people change."""
        article = make_article(
            provider=self._provider, topics=[self._topic], **_standing(State(state))
        )
        return self._of_people(article)[0]

    def paired(self, state: str = State.NEW) -> list[Article]:
        """A story of two, its lead first."""
        both = {"provider": self._provider, "topics": [self._topic]}
        return self._of_people(*make_story(both | _standing(State(state)), both))

    def _of_people(self, *articles: Article) -> list[Article]:
        refresh({article.story_id for article in articles})
        with self._lock:
            self.quiet |= {article.pk for article in articles}
        return list(articles)


def _standing(state: State) -> dict[str, object]:
    if state is not State.PUBLISHED:
        return {"state": state}
    now = timezone.now()
    return {"state": state, "go_live_at": now, "first_published_at": now, "touched_at": now}


def people(number: int) -> list[User]:
    """Editors who may do everything."""
    return [make_user("managing editor", first_name=f"Editor {n}") for n in range(number)]
