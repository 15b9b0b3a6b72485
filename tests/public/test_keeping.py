"""Pages are kept for their next reader, and never beyond what they are true for."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Edition
from articles.public import keeping
from articles.workflow import transition
from providers.models import Provider
from tests.factories import make_user

from .conftest import publish

pytestmark = pytest.mark.django_db

REDIS = "django.core.cache.backends.redis.RedisCache"
HERE = "redis://127.0.0.1:6379/0"
NOON = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, params=["memory", "redis"])
def _pages_are_kept(request, settings) -> None:
    settings.PAGE_SECONDS = 60
    own: dict[str, Any] = {"KEY_PREFIX": uuid4().hex}
    if request.param == "redis":
        own |= {"BACKEND": REDIS, "LOCATION": os.environ.get("TEST_REDIS_URL", HERE)}
    kept = settings.CACHES[keeping.ALIAS] | own
    if request.param == "redis":
        kept.pop("OPTIONS", None)
    settings.CACHES = settings.CACHES | {keeping.ALIAS: kept}
    try:
        caches[keeping.ALIAS].get("anything")
    except redis.exceptions.ConnectionError:
        pytest.skip("no Redis answers at TEST_REDIS_URL or on 127.0.0.1:6379")


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["/", "/latest/", "/feed.atom", "/api/news/", "/sitemap.xml"])
def test_a_page_that_was_made_costs_the_next_reader_one_query(client: Client, path: str):
    publish()
    first = client.get(path)
    assert queries(client, path) == 1
    again = client.get(path)
    assert again.content == first.content
    assert {**again.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}


def test_a_withdrawn_story_is_on_no_kept_page(client: Client):
    story = publish(title="Named by mistake")
    pages = ("/", "/latest/", f"/news/{story.slug}/")
    assert all("Named by mistake" in client.get(path).content.decode() for path in pages)
    boss = make_user("managing editor")
    transition(story, "withdraw", boss, expected_version=story.version, comment="Asked to")
    assert not any("Named by mistake" in client.get(path).content.decode() for path in pages)


def test_what_is_written_past_the_workflow_is_shown_at_once_too(client: Client):
    story = publish(title="Before")
    client.get("/")
    Article.objects.filter(pk=story.pk).update(title="After")
    assert "After" in client.get("/").content.decode()
    Provider.objects.update(policy="blocked")
    assert "After" not in client.get("/").content.decode()


def test_a_kept_page_ends_with_what_it_shows(client: Client):
    with time_machine.travel(NOON, tick=False) as now:
        publish(title="Fleeting", expire_at=NOON + timedelta(seconds=30))
        client.get("/")
        now.shift(timedelta(seconds=29))
        assert "Fleeting" in client.get("/").content.decode()
        now.shift(timedelta(seconds=1))
        assert "Fleeting" not in client.get("/").content.decode()


def test_what_is_asked_with_a_question_takes_nobodys_place(client: Client):
    publish()
    client.get("/?junk=1")
    assert queries(client, "/?junk=1") > 1


def test_errors_are_not_kept(client: Client):
    for _ in range(2):
        assert client.get("/news/nowhere/").status_code == 404
    story = publish(slug="nowhere")
    assert client.get(f"/news/{story.slug}/").status_code == 200


def test_of_many_readers_of_a_new_page_one_has_it_made():
    made: list[int] = []
    answers: list[bytes] = []
    is_first_at_it, may_end = threading.Event(), threading.Event()

    def make() -> HttpResponse:
        made.append(1)
        is_first_at_it.set()
        may_end.wait(10)
        return HttpResponse(b"made")

    def ask() -> None:
        answers.append(keeping.keep(HttpRequest(), "tag", make).content)

    readers = [threading.Thread(target=ask) for _ in range(8)]
    readers[0].start()
    assert is_first_at_it.wait(10)
    for reader in readers[1:]:
        reader.start()
    may_end.set()
    for reader in readers:
        reader.join()
    assert (answers, made) == ([b"made"] * 8, [1])


def test_whoever_fails_to_make_it_holds_up_nobody():
    def fail() -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        keeping.keep(HttpRequest(), "tag", fail)
    assert keeping.keep(HttpRequest(), "tag", lambda: HttpResponse(b"fine")).content == b"fine"


def test_a_cache_that_is_not_there_makes_pages_slower_and_never_wrong(
    client: Client, settings: Any
):
    settings.CACHES = settings.CACHES | {
        keeping.ALIAS: {
            "BACKEND": REDIS,
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    story = publish(title="Before")
    assert "Before" in client.get("/").content.decode()
    Article.objects.filter(pk=story.pk).update(title="After")
    assert "After" in client.get("/").content.decode()


def test_who_asks_again_is_answered_as_the_first_was_headers_and_all(client: Client):
    publish()
    first, again = client.get("/"), client.get("/")
    assert again.content == first.content
    for name in ("Content-Security-Policy", "Permissions-Policy", "ETag", "X-Frame-Options"):
        assert again.headers[name] == first.headers[name]
    assert again.resolver_match.url_name == "front"


def test_no_answer_takes_what_was_said_with_another(client: Client):
    publish()
    answers = [client.get("/") for _ in range(3)]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 3
    answers[1].headers["X-Only-Here"] = "1"
    assert "X-Only-Here" not in client.get("/").headers


def test_what_is_kept_ends_with_the_count_of_changes(client: Client):
    publish(title="Before")
    assert "Before" in client.get("/").content.decode()
    Edition.objects.all().delete()
    assert queries(client, "/") > 1


def test_what_is_kept_for_one_host_is_answered_to_no_other(client: Client, settings: Any):
    settings.ALLOWED_HOSTS = ["one.example"]
    assert client.get("/", headers={"host": "one.example"}).status_code == 200
    assert client.get("/", headers={"host": "two.example"}).status_code == 400


def test_no_page_is_answered_from_what_is_kept_of_the_desk(client: Client):
    client.force_login(make_user("editor"))
    assert client.get("/admin/").status_code == 200
    client.logout()
    assert client.get("/admin/").status_code == 302


def test_what_is_counted_is_counted_each_time(client: Client, settings: Any):
    settings.API_A_MINUTE = 2
    cache.clear()
    assert [client.get("/api/news/").status_code for _ in range(3)] == [200, 200, 429]
