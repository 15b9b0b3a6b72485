"""Pictures are got politely, each address remembered, and a run that ended goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import tasks
from articles.images import fetching, working
from articles.images.fetching import Fetched, fetch_all
from articles.images.keeping import keep
from articles.images.wanting import wanted
from articles.models import Article, Picture, PictureKind, PictureSource
from articles.states import State
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story

from .drawn import drawn
from .hosts import Hosts, hosts

pytestmark = pytest.mark.django_db


@pytest.fixture
def net(media: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosts]:
    monkeypatch.setattr(fetching, "PAUSE", 0)
    with hosts() as found:
        yield found


def pictured(address: str, **changes: Any) -> Article:
    return make_article(images=[{"url": address}], **changes)


def asked_for() -> list[str]:
    return [one.address for one in wanted(timezone.now())]


def run(net: Hosts) -> Fetched:
    return fetch_all(wanted(timezone.now()), net.network)


def test_leads_and_logos_are_wanted_each_address_once():
    one = "https://pictures.example/1.jpg"
    pictured(one)
    pictured(one)
    make_story(
        {
            "images": [
                {"url": "http://pictures.example/2.jpg"},
                {"url": "http://pictures.example/3"},
            ]
        },
        {"images": [{"url": "https://pictures.example/member.jpg"}]},
    )
    make_provider(
        images=[{"url": f"https://a.example/{side}.png", "width": side} for side in (50, 400)]
    )
    assert sorted(asked_for()) == sorted(
        [
            *(one, "http://pictures.example/2.jpg", "http://pictures.example/3"),
            "https://a.example/400.png",
        ]
    )


def test_nothing_is_wanted_of_whoever_should_not_be_shown():
    logo = [{"url": "https://a.example/logo.png"}]
    pictured("https://a.example/1", provider=make_provider(policy=Policy.BLOCKED, images=logo))
    pictured("https://a.example/2", provider=make_provider(is_link_only=True))
    for state in (State.SPIKED, State.WITHDRAWN):
        pictured(f"https://a.example/{state}", state=state)
    pictured("/assets/own.jpg")
    make_article(images=[])
    assert asked_for() == []


def test_what_comes_is_kept_and_what_does_not_is_remembered(net: Hosts):
    net.give("/1.jpg", drawn())
    net.give("/busy.jpg", status=503, Retry_After="7200")
    net.give("/page.jpg", b"<html>")
    for name in ("1", "busy", "page", "gone"):
        pictured(f"http://pictures.example/{name}.jpg")
    assert run(net) == Fetched(kept=1, refused=2, later=1)
    assert Picture.objects.get().sources.get().address == "http://pictures.example/1.jpg"
    busy = PictureSource.objects.get(address__contains="busy")
    assert busy.failure == "Its host answers 503."
    assert busy.retry_at
    assert busy.tried_at
    assert busy.retry_at - busy.tried_at == timedelta(hours=2)
    net.asked.clear()
    assert run(net) == Fetched()
    assert net.asked == []


def test_an_address_that_fails_is_asked_less_and_less_and_then_no_more(net: Hosts):
    net.give("/busy.jpg", status=500)
    pictured("http://pictures.example/busy.jpg")
    waits = []
    while asked_for():
        run(net)
        source = PictureSource.objects.get()
        if source.retry_at is None or source.tried_at is None:
            break
        waits.append(source.retry_at - source.tried_at)
        PictureSource.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    assert waits == list(fetching.WAITS)
    assert asked_for() == []


def test_a_logo_that_came_stands_for_its_provider(net: Hosts):
    net.give("/logo.png", drawn("PNG", (100, 100)))
    provider = make_provider(images=[{"url": "http://a.example/logo.png"}])
    run(net)
    provider.refresh_from_db()
    assert provider.logo == Picture.objects.get(kind="logo").token


def test_a_host_is_asked_one_thing_at_a_time(net: Hosts):
    running, most = [], []

    def slow(handler: Any) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        handler.send_error(404)

    for number in range(6):
        net.pages[f"/{number}.jpg"] = slow
        pictured(f"http://pictures.example/{number}.jpg")
    run(net)
    assert (len(most), max(most)) == (6, 1)


def test_a_host_in_trouble_is_left_alone_and_others_are_not(net: Hosts):
    net.give("/good.jpg", drawn())
    for number in range(10):
        net.give(f"/{number}.jpg", status=503)
        pictured(f"http://broken.example/{number}.jpg")
    pictured("http://pictures.example/good.jpg")
    assert run(net) == Fetched(kept=1, later=3)


def test_a_run_that_was_ended_goes_on_where_it_was(net: Hosts):
    for number in range(6):
        net.give(f"/{number}.jpg", drawn(size=(640, 360 + number)))
        pictured(f"http://pictures.example/{number}.jpg")

    class Ended(Exception):
        pass

    def end(done: int, _of: int) -> None:
        if done == 2:
            raise Ended

    with pytest.raises(Ended):
        fetch_all(wanted(timezone.now()), net.network, end)
    assert PictureSource.objects.count() == 2
    assert run(net).kept == 4
    assert Picture.objects.count() == 6


def test_nobody_is_asked_unless_the_site_says_so(capsys: Any, settings: Any):
    pictured("http://pictures.example/1.jpg")
    with pytest.raises(CommandError, match="FETCH_IMAGES=1"):
        call_command("fetch_images")
    call_command("fetch_images", "--dry-run")
    assert "picture\thttp://pictures.example/1.jpg" in capsys.readouterr().out
    working._looked.clear()
    tasks.look(["pictures"])
    assert tasks.work_one() is None
    assert not PictureSource.objects.exists()


def test_the_background_gets_what_is_recent(
    net: Hosts, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.FETCH_IMAGES = True
    monkeypatch.setattr(working, "fetch_all", lambda todo: fetch_all(todo, net.network))
    working._looked.clear()
    now = timezone.now()
    for name, days in (("new", 1), ("old", 30)):
        net.give(f"/{name}.jpg", drawn())
        pictured(f"http://pictures.example/{name}.jpg", published_at=now - timedelta(days=days))
    tasks.look(["pictures"])
    assert tasks.work_one() == "pictures: 1 kept, 0 refused, 0 to be asked again"
    tasks.look(["pictures"])
    assert tasks.work_one() is None
    assert [path for _, path in net.asked] == ["/new.jpg"]


def test_a_worker_makes_what_was_brought(media: Path, capsys: Any, settings: Any):
    settings.TASKS = "worker"
    picture = keep(drawn(), PictureKind.PICTURE, is_waiting=True)
    call_command("work", "--once")
    picture.refresh_from_db()
    assert picture.stamp
    assert f"{picture}: rendered" in capsys.readouterr().out
