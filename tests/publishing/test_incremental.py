"""A run that renders only what changed leaves the bytes of one that renders everything."""

from __future__ import annotations

import os
import random
import signal
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.utils import timezone

from articles.digests import fill
from articles.lock import held
from articles.models import (
    Article,
    ArticleTopic,
    Digest,
    Placement,
    RelatedItem,
    Topic,
    Transition,
)
from articles.publishing import Memory
from articles.publishing import publish as publish_site
from articles.publishing.asking import Asking
from articles.publishing.journal import Journal
from articles.publishing.site import LOCK
from articles.states import State
from articles.stories import refresh
from articles.writing import BESIDE
from providers.models import Provider
from tests.factories import make_article, make_provider, make_topic
from tests.public.conftest import LIVE, publish, publish_story, relate

from .test_static import files, settle

pytestmark = pytest.mark.django_db

SEEDS = range(1)
ROUNDS = 3


class Newsroom:
    """A small site, and acts on anything in it by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        parent = make_topic(slug="sea", stem="00-sea")
        self.topics = [parent, make_topic(slug="harbour", parent=parent), make_topic(slug="tide")]
        self.providers = [make_provider() for _ in range(4)]
        for number in range(5):
            self.add(LIVE + timedelta(hours=number), timedelta(days=number // 2))

    def add(self, at: Any, back: timedelta = timedelta(0)) -> None:
        also: list[dict[str, Any]] = [{"provider": self.one(self.providers)}]
        own = {"provider": self.one(self.providers), "topics": [self.one(self.topics)]}
        live = {"go_live_at": at, "first_published_at": at, "published_at": at - back}
        lead, *_ = publish_story(own | live, *also * self.chance.randrange(3))
        if self.chance.random() < 0.3:
            relate(lead, title=f"Related to {lead.slug}")

    def one(self, things: Any) -> Any:
        return self.chance.choice(list(things))

    def article(self) -> Article:
        return self.one(Article.objects.order_by("pk"))

    def act(self) -> str:
        act = self.one(sorted(name for name in dir(self) if name.startswith("do_")))
        getattr(self, act)()
        refresh(Article.objects.values_list("story", flat=True))
        settle()
        return act

    def do_write(self) -> None:
        Article.objects.filter(pk=self.article().pk).update(title=f"New {self.chance.random()}")

    def do_publish(self) -> None:
        self.add(timezone.now())

    def do_schedule(self) -> None:
        self.add(timezone.now() + timedelta(minutes=self.chance.randrange(90)))

    def do_take_back(self) -> None:
        Article.objects.filter(pk=self.article().pk).update(state=State.UNPUBLISHED)

    def do_expire(self) -> None:
        soon = timezone.now() + timedelta(minutes=self.chance.randrange(1, 90))
        Article.objects.filter(pk=self.article().pk).update(expire_at=soon)

    def do_give_a_topic(self) -> None:
        article = self.article()
        article.topic_places.all().delete()
        ArticleTopic.objects.create(article=article, topic=self.one(self.topics), position=0)

    def do_reorder_topics(self) -> None:
        article = self.article()
        article.topic_places.all().delete()
        for position, topic in enumerate(self.chance.sample(self.topics, 2)):
            ArticleTopic.objects.create(article=article, topic=topic, position=position + 5)
        settle()
        ArticleTopic.objects.filter(article=article, position=5).update(position=9)

    def do_date(self) -> None:
        day = LIVE - timedelta(days=self.chance.randrange(6))
        Article.objects.filter(pk=self.article().pk).update(published_at=day)

    def do_change_provider(self) -> None:
        provider = self.one(self.providers)
        Article.objects.filter(pk=self.article().pk).update(provider=provider)

    def do_move(self) -> None:
        members = Article.objects.filter(is_lead=False, state=State.NEW)
        if members:
            story = self.article().story
            Article.objects.filter(pk=self.one(members).pk).update(story=story)

    def do_block(self) -> None:
        policy = self.one(["blocked", "normal"])
        Provider.objects.filter(pk=self.one(self.providers).pk).update(policy=policy)

    def do_block_another(self) -> None:
        policy = self.one(["blocked", "normal"])
        Provider.objects.update_or_create(domain="open.example", defaults={"policy": policy})

    def do_name_provider(self) -> None:
        Provider.objects.filter(pk=self.one(self.providers).pk).update(description="Said anew")

    def do_name_topic(self) -> None:
        name = f"Topic {self.chance.random()}"
        Topic.objects.filter(pk=self.one(self.topics).pk).update(name=name)

    def do_new_topic(self) -> None:
        topic = make_topic(parent=self.one(self.topics), stem=self.one(["", "09-topic"]))
        self.topics.append(topic)
        publish(topics=[topic], provider=self.one(self.providers))

    def do_correct(self) -> None:
        article, now = self.article(), timezone.now()
        own = {"article": article, "to_state": article.state, "at": now, "version": 2}
        first = Transition.objects.create(action="edit", public_note="It was five.", **own)
        if self.chance.random() < 0.5:
            settle()
            Transition.objects.create(action="undo", undoes=first, **own)

    def do_hide(self) -> None:
        items = RelatedItem.objects.order_by("pk")
        if items:
            RelatedItem.objects.filter(pk=self.one(items).pk).update(hidden_at=timezone.now())

    def do_place(self) -> None:
        lead, now = self.one(Article.objects.filter(is_lead=True).order_by("pk")), timezone.now()
        until = now + timedelta(minutes=self.chance.randrange(1, 90))
        said = {"kind": "bury", "shift": -self.chance.randrange(1, 5), "reason": "so"}
        times = {"begins_at": now, "ends_at": until}
        Placement.objects.update_or_create(story=lead.story, defaults=said | times)

    def do_bring_a_topic(self) -> None:
        self.topics.append(make_topic(parent=self.one(self.topics), stem="08-topic"))

    def do_date_a_report(self) -> None:
        reports = Article.objects.filter(is_lead=False)
        if reports:
            day = LIVE - timedelta(days=self.chance.randrange(6))
            reports.filter(pk=self.one(reports.order_by("pk")).pk).update(published_at=day)

    def do_close_a_digest(self) -> None:
        digest, _ = Digest.objects.get_or_create(
            day=LIVE + timedelta(days=self.chance.randrange(2))
        )
        if digest.closed_at is None:
            fill(digest, timezone.now())
            digest.items.update(comment=f"Of {self.chance.random()}")
        closed_at = self.one([timezone.now(), None])
        Digest.objects.filter(pk=digest.pk).update(closed_at=closed_at)

    def do_nothing_public(self) -> None:
        make_article(topics=[self.one(self.topics)], provider=self.one(self.providers))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_acts_the_folder_is_as_if_made_anew(tmp_path: Path, seed: int, short_lists: None):
    with time_machine.travel(LIVE + timedelta(days=3), tick=False) as now:
        newsroom, acts, memory = Newsroom(seed), [], Memory()
        settle()
        publish_site(tmp_path / "kept")
        publish_site(tmp_path / "watched", memory=memory)
        for _ in range(ROUNDS):
            acts.append([newsroom.act() for _ in range(newsroom.chance.randrange(1, 4))])
            now.shift(timedelta(minutes=newsroom.chance.choice([1, 20, 700])))
            publish_site(tmp_path / "kept")
            publish_site(tmp_path / "watched", memory=memory)
            publish_site(tmp_path / "anew", is_fresh=True)

            assert files(tmp_path / "kept") == files(tmp_path / "anew"), acts
            assert files(tmp_path / "watched") == files(tmp_path / "anew"), acts


def test_a_change_renders_only_what_it_can_touch(tmp_path: Path, asked: list[str]):
    quiet, busy = make_topic(slug="quiet"), make_topic(slug="busy")
    still, _moved = publish(slug="still", topics=[quiet]), publish(slug="moved", topics=[busy])
    settle()
    publish_site(tmp_path)
    asked.clear()
    Article.objects.filter(slug="moved").update(title="Renamed")
    settle()
    publish_site(tmp_path)

    assert {"/", "/news/moved/", "/topics/busy/", "/topics/busy/feed.rss"} <= set(asked)
    kept = (
        "/news/still/",
        "/topics/quiet/",
        "/api/news/quiet/",
        f"/providers/{still.provider.domain}/",
    )
    assert not [address for address in asked if address.startswith(kept)]


@pytest.mark.django_db(transaction=True)
def test_the_command_that_stays_writes_changes_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    publish(slug="story")
    settle()
    waits = iter([lambda: Article.objects.update(title="Renamed"), lambda: None])

    def wait(stop: Event, _seconds: float) -> None:
        act = next(waits, None)
        if act is None:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            act()
            settle()

    monkeypatch.setattr(Event, "wait", wait)

    call_command("publish_static", str(tmp_path), "--watch")

    assert b"Renamed" in (tmp_path / "news/story/index.html").read_bytes()
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" files")[0] != "0" for line in said] == [True, True, True]
    assert said[-1] == "stopped"


def test_two_runs_at_once_do_not_mix(tmp_path: Path):
    publish()
    with (
        held(tmp_path / LOCK, "publish_static, process 7 on press"),
        pytest.raises(CommandError, match="process 7 on press") as refused,
    ):
        call_command("publish_static", str(tmp_path))
    assert refused.value.returncode == 2

    call_command("publish_static", str(tmp_path))

    assert (tmp_path / "index.html").is_file()


def test_a_site_that_does_not_answer_leaves_what_was_published(tmp_path: Path):
    publish()
    settle()
    publish_site(tmp_path)
    before = files(tmp_path)

    publish()
    settle()
    with (
        override_settings(ALLOWED_HOSTS=["other.example"]),
        pytest.raises(CommandError, match="/ answers 400") as refused,
    ):
        call_command("publish_static", str(tmp_path))

    assert refused.value.returncode == 2
    assert files(tmp_path) == before


def test_what_a_killed_run_wrote_is_deleted_once_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    publish(slug="still")
    settle()
    publish_site(tmp_path)
    publish(slug="brief")
    settle()
    get = Asking.get

    def killed(self: Asking, address: str) -> HttpResponseBase:
        if (tmp_path / "news" / "brief" / "index.html").exists():
            raise KeyboardInterrupt
        return get(self, address)

    monkeypatch.setattr(Asking, "get", killed)
    with pytest.raises(KeyboardInterrupt):
        publish_site(tmp_path)
    monkeypatch.setattr(Asking, "get", get)
    Article.objects.filter(slug="brief").update(state=State.UNPUBLISHED)
    settle()

    publish_site(tmp_path)

    assert b"brief" not in b"".join(files(tmp_path).values())
    assert not (tmp_path / "news" / "brief").exists()


def test_a_run_that_was_killed_before_it_made_a_folder_holds_nothing_up(tmp_path: Path):
    publish()
    settle()
    publish_site(tmp_path)
    before = files(tmp_path)
    journal = Journal(tmp_path)
    journal.begin()
    journal.note("news/never-made/index.html")
    (tmp_path / BESIDE).write_bytes(b"<!DOC")

    publish_site(tmp_path)

    assert not (tmp_path / BESIDE).exists()

    assert files(tmp_path) == before
    assert publish_site(tmp_path).written == 0


def test_what_is_noted_after_a_clock_was_set_back_reaches_its_page(tmp_path: Path):
    day = timedelta(days=1)
    with time_machine.travel(LIVE + 3 * day, tick=False) as now:
        article = publish(slug="brief")
        settle()
        publish_site(tmp_path)
        now.shift(-day)
        own = {"article": article, "to_state": article.state, "at": timezone.now(), "version": 2}
        Transition.objects.create(action="edit", public_note="It was five.", **own)
        now.shift(timedelta(minutes=5))
        publish_site(tmp_path)
    assert b"It was five." in files(tmp_path)["news/brief/index.html"]
