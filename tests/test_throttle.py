"""Nobody takes more than a share, and everybody is told so; whoever reads is never counted."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db

HERE = "192.0.2.1"
NOON = "2026-11-27 12:00:10Z"


@pytest.fixture(autouse=True)
def _few(settings):
    settings.SEARCH_A_MINUTE = settings.API_A_MINUTE = settings.LOGIN_A_MINUTE = 3
    cache.clear()


def asked(page: str, address: str = HERE, times: int = 4) -> list[int]:
    client = Client()
    return [client.get(page, REMOTE_ADDR=address).status_code for _ in range(times)]


@pytest.mark.parametrize("page", ["/search/?q=a", "/api/v1/stories/", "/api/news/"])
def test_the_next_after_the_last_one_is_told_to_wait(page: str):
    with time_machine.travel(NOON, tick=False):
        assert asked(page) == [200, 200, 200, 429]
        answer = Client().get(page, REMOTE_ADDR=HERE)
    assert answer["Retry-After"] == "50"
    assert "more than this site gives to one" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_minute_later_it_goes_on():
    with time_machine.travel(NOON, tick=False) as clock:
        assert asked("/search/?q=a")[-1] == 429
        clock.shift(60)
        assert asked("/search/?q=a", times=1) == [200]


def test_each_visitor_has_a_share_and_a_network_of_ipv6_is_one():
    assert asked("/search/?q=a")[-1] == 429
    assert asked("/search/?q=a", "192.0.2.2", 1) == [200]
    assert asked("/search/?q=a", "2001:db8::1", 3) == [200] * 3
    assert asked("/search/?q=a", "2001:db8::2", 1) == [429]
    assert asked("/search/?q=a", "2001:db8:1::1", 1) == [200]


def test_each_kind_is_counted_by_itself_and_reading_not_at_all():
    assert asked("/search/?q=a")[-1] == 429
    assert asked("/api/v1/stories/", times=3) == [200] * 3
    assert asked("/", times=9) == [200] * 9
    assert asked("/api/v1/search/?q=a", times=1) == [429]


def test_a_program_is_refused_in_json_that_scripts_may_read():
    assert asked("/api/v1/stories/")[-1] == 429
    answer = Client().get("/api/v1/stories/", REMOTE_ADDR=HERE)
    assert "requests in a minute" in answer.json()["error"]
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_signing_in_is_tried_so_often_whatever_the_names():
    client, sent = Client(), {"password": "wrong"}
    tried = [
        client.post("/admin/login/", {**sent, "username": f"n{n}"}, REMOTE_ADDR=HERE).status_code
        for n in range(4)
    ]
    assert tried == [200, 200, 200, 429]
    assert client.get("/admin/login/", REMOTE_ADDR=HERE).status_code == 200


def test_a_proxy_that_is_trusted_names_the_visitor(settings):
    settings.TRUST_PROXY = True
    client = Client(headers={"x-forwarded-for": f"10.0.0.1, {HERE}"})
    assert [client.get("/search/?q=a").status_code for _ in range(4)][-1] == 429
    other = Client(headers={"x-forwarded-for": f"{HERE}, 10.0.0.1"})
    assert other.get("/search/?q=a").status_code == 200


def test_without_a_cache_nothing_is_counted_and_everything_served(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert asked("/search/?q=a") == [200] * 4


def test_a_body_that_no_page_takes_is_refused_unread():
    client = Client()
    answer = client.post("/admin/login/", {"username": "x" * 3_100_000, "password": "y"})
    assert answer.status_code == 413
    assert "nothing of it was read" in answer.content.decode()


def test_a_body_is_refused_before_a_token_is_looked_for_in_it():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/login/", {"username": "x" * 3_100_000}).status_code == 413


def test_an_upload_may_be_as_large_as_uploads_are(settings):
    settings.UPLOAD_LIMITS = {"bytes": 4_000_000}
    client, page = Client(), "/admin/articles/upload/"
    client.force_login(make_user("managing editor"))
    large, larger = b"x" * 3_500_000, b"x" * 5_500_000
    kind = "application/octet-stream"
    assert client.post(page, large, content_type=kind).status_code != 413
    assert client.post(page, larger, content_type=kind).status_code == 413
    assert Client().post(page, large, content_type=kind).status_code == 413


@pytest.mark.parametrize(
    ("policy", "training", "answering"),
    [("allowed", False, False), ("no-training", True, False), ("refused", True, True)],
)
def test_crawlers_of_language_models_are_asked_what_the_site_decided(
    settings, policy: str, training: bool, answering: bool
):
    settings.AI_CRAWLERS = policy
    said = Client().get("/robots.txt").content.decode()
    groups = said.partition("User-agent: *")[0]
    assert ("User-agent: GPTBot\n" in groups) == training
    assert ("User-agent: OAI-SearchBot\n" in groups) == answering
    assert ("Disallow: /\n" in groups) == (training or answering)
