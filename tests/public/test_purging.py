"""A CDN keeps pages by keys and is told what to forget: everything that changed, nothing late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import tasks
from articles.admin import leaving
from articles.images.keeping import keep
from articles.images.rendering import forget
from articles.models import Article, PictureKind, Purge, Task
from articles.public import purging
from providers.models import Provider
from tests.factories import make_user
from tests.images.drawn import drawn
from tests.workflow.acting import do

from .conftest import publish

# The log of changes is written as the last thing of a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


class Network:
    """A CDN that remembers what it was told, and answers as it is told to."""

    def __init__(self) -> None:
        self.told: list[set[str]] = []
        self.headers: dict[str, str] = {}
        self.status = 200
        network = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                network.headers = dict(self.headers)
                network.told.append(set(body["surrogate_keys"]))
                self.send_response(network.status)
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Hook)

    def hears(self) -> set[str]:
        """What it is told now that nobody has anything more to say."""
        self.told.clear()
        tasks.look(["purge"])
        # The second round waits for some seconds.
        Task.objects.filter(attempts=0).update(due_at=timezone.now())
        while tasks.work_one() is not None:
            pass
        return set().union(*self.told)


@pytest.fixture
def cdn(settings: Any) -> Iterator[Network]:
    network = Network()
    Thread(target=network.server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    settings.CDN_KEYS, settings.CDN_SECONDS, settings.TASKS = "Surrogate-Key", 86_400, "worker"
    settings.PURGE_URL = f"http://127.0.0.1:{network.server.server_port}/purge"
    settings.PURGE_HEADER = "Fastly-Key: our-own"
    yield network
    network.server.shutdown()
    network.server.server_close()


@pytest.fixture
def article(cdn: Network) -> Article:
    """One that is public, of which the CDN knows everything."""
    found = publish()
    assert cdn.hears() == {"site"}
    assert cdn.hears() == set()
    return found


def keys(client: Client, path: str) -> set[str]:
    return set(client.get(path).headers["Surrogate-Key"].split())


def test_pages_name_what_they_are_made_of(client: Client, article: Article):
    own = f"story-{article.story_id}"
    assert keys(client, f"/news/{article.slug}/") >= {"site", own}
    for path in ("/", "/latest/", "/feed.atom", "/sitemap.xml", "/api/news/", "/archive/"):
        assert keys(client, path) == {"site", "lists"}


def test_a_site_without_a_cdn_names_nothing(client: Client):
    assert "Surrogate-Key" not in client.get("/").headers


def test_keys_are_written_as_the_cdn_wants_them(client: Client, article: Article, settings: Any):
    settings.CDN_KEYS = "Cache-Tag"
    response = client.get("/")
    assert response.headers["Cache-Tag"] == "site,lists"
    assert response.headers["CDN-Cache-Control"].startswith("max-age=")


def test_a_cdn_keeps_a_page_for_long_but_never_past_the_next_boundary(
    client: Client, article: Article
):
    # Midnight is a boundary too.
    noon = timezone.now().replace(hour=12) + timedelta(days=1)
    Article.objects.update(expire_at=noon + timedelta(minutes=10))
    with time_machine.travel(noon, tick=False):
        response = client.get("/")
    assert response.headers["Surrogate-Control"] == "max-age=600"
    assert response.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["/news/nobody-wrote-this/", "/nowhere/", "/news/", "/?after=x"])
def test_what_is_no_page_is_not_kept_for_long(client: Client, article: Article, path: str):
    headers = client.get(path).headers
    assert "Surrogate-Control" not in headers
    assert headers["Cache-Control"] in ("public, max-age=60", "no-cache")


def test_a_withdrawal_has_its_story_and_all_lists_forgotten_and_the_desk_says_so(
    article: Article, cdn: Network
):
    other = publish(slug="other", title="Another story")
    cdn.hears()
    do(article, "withdraw", make_user("managing editor"), comment="wrong")
    now = timezone.now()
    place = {one.name: one for one in leaving.of_article(article, now, now)}["CDN and caches"]
    assert place.standing == leaving.LEFT
    heard = cdn.hears()
    assert {"lists", f"story-{article.story_id}"} <= heard
    assert f"story-{other.story_id}" not in heard
    place = {one.name: one for one in leaving.of_article(article, now, now)}["CDN and caches"]
    assert place.standing == leaving.DONE
    assert cdn.headers["Fastly-Key"] == "our-own"


def test_what_was_being_made_while_it_changed_is_forgotten_a_second_time(
    article: Article, cdn: Network
):
    cdn.told.clear()
    Article.objects.update(title="Said otherwise")
    tasks.look(["purge"])
    assert tasks.work_one() == "purge at once: 2 keys"
    assert tasks.work_one() is None
    assert cdn.hears() == {"lists", f"story-{article.story_id}"}


def test_a_changed_provider_has_the_pages_of_its_stories_forgotten(article: Article, cdn: Network):
    Provider.objects.update(name="The Same Under Another Name")
    assert cdn.hears() == {"lists", f"story-{article.story_id}"}


def test_many_changes_are_told_as_one(article: Article, cdn: Network, monkeypatch: Any):
    monkeypatch.setattr(purging, "MANY", 1)
    for number in range(2):
        publish(slug=f"more-{number}", title=f"More of it {number}")
    assert cdn.hears() == {"site"}


def test_a_cdn_that_refuses_is_told_the_same_again(article: Article, cdn: Network):
    cdn.status = 503
    Article.objects.update(title="Said otherwise")
    cdn.hears()
    assert {task.error for task in Task.objects.filter(standing="waiting")} == {
        "NotPurged: the CDN answered 503"
    }
    cdn.status = 200
    Task.objects.update(due_at=timezone.now())
    assert cdn.hears() == {"lists", f"story-{article.story_id}"}
    assert not Task.objects.exclude(standing="done").exists()


def test_nothing_is_told_that_did_not_happen_and_nothing_asked_for_twice(
    article: Article, cdn: Network
):
    make_user("editor")
    assert cdn.hears() == set()
    Article.objects.update(title="Said otherwise")
    for _ in range(3):
        tasks.look(["purge"])
    assert Task.objects.filter(standing="waiting").count() == len(purging.ROUNDS)


def test_a_release_has_all_its_pages_forgotten(article: Article, cdn: Network):
    Purge.objects.update(made_of="the one before")
    assert cdn.hears() == {"site"}


def test_a_deleted_picture_is_forgotten_by_its_name(
    article: Article, cdn: Network, client: Client, media: Any
):
    picture = keep(drawn(), PictureKind.PICTURE)
    key = f"picture-{picture.token}"
    forget(picture)
    assert key in cdn.hears()


def test_imports_keep_no_purge_waiting(article: Article, cdn: Network):
    slow, quick = tasks.LANES
    Article.objects.update(title="Said otherwise")
    tasks.add("upload", 7)
    tasks.look(quick)
    assert tasks.work_one(quick) == "purge at once: 2 keys"
    assert sorted((*slow, *quick)) == sorted(tasks.KINDS)
