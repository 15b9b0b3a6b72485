"""What passes with the clock while nothing is written: go-lives, expiries, boosts and their ends.

As the main module of `account.answer`, with a folder, how many answers and a seed. The clock goes
from moment to moment through three hours, each time a shared cache and a browser that keep to what
answers say ask for pages, and a static host is published to when it said that it should be. Prints
the answers that differ from what a page that is made from nothing says of that moment.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import time_machine
from django.conf import settings
from django.core.cache import caches
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from articles.models import Article, Placement
from articles.public import clock
from articles.public.keeping import ALIAS
from articles.publishing import publish
from articles.publishing.asking import content
from articles.stories import refresh
from tests.factories import make_article, make_provider, make_story, make_topic

HOURS = 3
LISTS = (
    *("/", "/latest/", "/topics/", "/topics/harbour/", "/topics/harbour/?order=latest"),
    *("/providers/", "/archive/", "/feed.rss", "/feed.atom", "/feed.json", "/about/"),
    *("/topics/harbour/feed.atom", "/sitemap.xml", "/news-sitemap.xml", "/search/?q=ferry"),
    *("/api/news/", "/api/news/harbour/", "/api/v1/stories/", "/live/"),
)
PLAIN, COMING, GOING, PLACED = 12, 14, 14, 6
NEAR = tuple(timedelta(seconds=by) for by in (-30, -0.4, 0, 0.4, 20))
"""When somebody asks, seen from a boundary."""
CHANCES = 20
"""Moments that nothing passes at."""
HOT = ("/", "/latest/", "/topics/harbour/", "/feed.atom", "/api/news/")
"""What everybody asks for, all the time."""


class Moments(NamedTuple):
    """When a story is to be read, from and until."""

    slug: str
    begins: datetime
    ends: datetime | None

    def status(self, at: datetime) -> int:
        """What its page has to answer."""
        if at < self.begins:
            return 404
        return 410 if self.ends and at >= self.ends else 200


class Newsroom:
    """Stories whose hour comes and goes; nothing is written once they are there."""

    def __init__(self, chance: random.Random, now: datetime) -> None:
        self._chance, self.now = chance, now
        self._topic = make_topic("Harbour", slug="harbour")
        self._providers = [make_provider() for _ in range(4)]
        long_ago = now - timedelta(days=2)
        self.stories = [self._story(long_ago, None) for _ in range(PLAIN)]
        self.stories += [self._story(self._soon(), None) for _ in range(COMING)]
        self.stories += [self._story(long_ago, self._soon()) for _ in range(GOING // 2)]
        self.stories += [self._brief() for _ in range(GOING // 2)]
        self.ends = [self._placed(one) for one in chance.sample(self.stories[:PLAIN], PLACED)]
        refresh(Article.objects.values_list("story", flat=True))

    def _soon(self) -> datetime:
        return self.now + timedelta(seconds=self._chance.uniform(60, HOURS * 3600 - 60))

    def _brief(self) -> Moments:
        begins = self._soon()
        return self._story(begins, begins + timedelta(seconds=self._chance.uniform(2, 900)))

    def _story(self, begins: datetime, ends: datetime | None) -> Moments:
        also: list[dict[str, Any]] = [{"provider": self._chance.choice(self._providers)}]
        lead, *_ = make_story(
            {
                "state": "published",
                "title": f"The ferry of {begins:%H:%M:%S.%f}",
                "go_live_at": begins,
                "first_published_at": begins,
                "expire_at": ends,
                "quality": self._chance.randrange(20, 90),
                "topics": [self._topic],
                "provider": self._chance.choice(self._providers),
                "published_at": min(begins, self.now) - timedelta(hours=self._chance.randrange(40)),
            },
            *also * self._chance.randrange(3),
        )
        return Moments(lead.slug, begins, ends)

    def _placed(self, story: Moments) -> datetime:
        kind, number = self._chance.choice([("boost", 4), ("bury", -4), ("pin", None)])
        taken = Placement.objects.filter(kind="pin").count()
        place = {"place": taken + 1, "shift": 0} if kind == "pin" else {"shift": number}
        until = self._soon()
        Placement.objects.create(
            story=Article.objects.get(slug=story.slug).story,
            kind=kind,
            reason="big",
            begins_at=self.now - timedelta(hours=1),
            ends_at=until,
            **place,
        )
        return until

    def moments(self, number: int) -> list[datetime]:
        """Times to ask at, in order: by chance, and close to everything that passes."""
        passing = [one.begins for one in self.stories if one.begins > self.now]
        passing += [one.ends for one in self.stories if one.ends] + self.ends
        edges = [time + by for time in passing for by in NEAR]
        chances = [self.now + timedelta(hours=HOURS) * self._chance.random() for _ in range(number)]
        return sorted({*edges, *chances})


@dataclass
class Kept:
    """An answer, and until when it may be given again without asking."""

    said: tuple[int, bytes]
    etag: str
    until: datetime


@dataclass
class Cache:
    """Keeps what answers allow, for as long as they allow it, and asks with what it has."""

    client: Client = field(default_factory=Client)
    kept: dict[str, Kept] = field(default_factory=dict)
    of_itself: int = 0
    unchanged: int = 0

    def get(self, path: str, at: datetime) -> tuple[int, bytes]:
        known = self.kept.get(path)
        if known and at < known.until:
            self.of_itself += 1
            return known.said
        asked = {"if-none-match": known.etag} if known and known.etag else {}
        answer = self.client.get(path, headers=asked)
        said = _said(answer)
        if answer.status_code == 304 and known:
            self.unchanged += 1
            said = known.said
        self.kept[path] = Kept(said, answer.headers.get("ETag", ""), at + _lifetime(answer))
        return said


def _said(answer: HttpResponseBase) -> tuple[int, bytes]:
    return answer.status_code, content(answer)


def _lifetime(answer: HttpResponseBase) -> timedelta:
    said = answer.headers.get("Cache-Control", "")
    found = [word for word in said.split(", ") if word.startswith("max-age=")]
    return timedelta(seconds=int(found[0].removeprefix("max-age=")) if found else 0)


class Truth:
    """The site as it is without anything that was kept."""

    def __init__(self) -> None:
        self._client = Client()

    def get(self, path: str) -> tuple[int, bytes]:
        before, settings.PAGE_SECONDS = settings.PAGE_SECONDS, 0
        clock.forget()
        try:
            return _said(self._client.get(path))
        finally:
            settings.PAGE_SECONDS = before


class Passing:
    """The clock moves; who asked what, and what was wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance, self._folder = random.Random(seed), folder
        self._newsroom = Newsroom(self._chance, timezone.now())
        self._due: datetime | None = None
        self._truth = Truth()
        # A large shared one that asks for everything, and a browser that comes now and then.
        self.caches = {"shared cache": Cache(), "browser": Cache()}
        self.wrong: list[str] = []
        self.answers = self.published = 0

    def run(self, answers: int) -> None:
        moments = self._newsroom.moments(CHANCES)
        each = max(2, min(answers // len(moments) - len(HOT), len(LISTS)))
        settings.PAGE_SECONDS = 60
        caches[ALIAS].clear()
        with time_machine.travel(self._newsroom.now, tick=False) as travelling:
            for at in moments:
                travelling.move_to(at)
                self._ask(at, each)
                self.publish(at)

    def _ask(self, at: datetime, number: int) -> None:
        stories = [f"/news/{one.slug}/" for one in self._newsroom.stories]
        some = {*HOT, *self._chance.sample([*LISTS, *stories], number)}
        wanted = {one.slug: one.status(at) for one in self._newsroom.stories}
        for path in sorted(some):
            true = self._truth.get(path)
            slug = path.removeprefix("/news/").rstrip("/")
            if wanted.get(slug, true[0]) != true[0]:
                self.wrong.append(f"{at}: {path} answers {true[0]} for {wanted[slug]}")
            for name, cache in self.caches.items():
                if name == "browser" and self._chance.random() < 0.5:
                    continue
                self.answers += 1
                said = cache.get(path, at)
                if said != true:
                    self.wrong.append(f"{at}: {name}: {path}: {_difference(said, true)}")

    def publish(self, at: datetime) -> None:
        """As a timer would that runs when it was told to; what it leaves is as if made anew."""
        if self._due and at < self._due:
            return
        self.published += 1
        self._due = publish(self._folder / "kept").next_boundary
        for one in self._newsroom.stories:
            is_there = (self._folder / "kept/news" / one.slug / "index.html").exists()
            self.answers += 1
            if is_there is not (one.status(at) == 200):
                self.wrong.append(f"{at}: static host: {one.slug} is there: {is_there}")
        self.wrong += [f"{at}: static host: {path}" for path in self._unlike()]

    def _unlike(self) -> Iterator[str]:
        """Pages of the static site that are others when all are made anew: a few times only."""
        if self.published % 10 != 1:
            return
        kept, anew = self._folder / "kept", self._folder / "anew"
        publish(anew, is_fresh=True)
        for path in sorted({*files_below(kept), *files_below(anew)}):
            self.answers += 1
            one, other = kept / path, anew / path
            if not (one.exists() and other.exists() and one.read_bytes() == other.read_bytes()):
                yield path


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".newsroom")
    }


def _difference(said: tuple[int, bytes], true: tuple[int, bytes]) -> str:
    if said[0] != true[0]:
        return f"{said[0]} for {true[0]}"
    pairs = zip(said[1].splitlines(), true[1].splitlines(), strict=False)
    one, other = next(((a, b) for a, b in pairs if a != b), (b"", b""))
    return f"{one[:150]!r} for {other[:150]!r}"


def main(folder: str, answers: str, seed: str) -> None:
    """Let it pass; prints what was wrong and what was tried."""
    make_article(title="The ferry that nobody sees")
    Path(folder).mkdir(parents=True)
    passing = Passing(Path(folder), int(seed))
    passing.run(int(answers))
    tried = {"answers": passing.answers, "published": passing.published}
    for name, cache in passing.caches.items():
        tried |= {f"{name}, of itself": cache.of_itself, f"{name}, unchanged": cache.unchanged}
    print(json.dumps({"wrong": passing.wrong, "tried": tried}))
