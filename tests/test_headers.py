"""Every page earns the best grade that the Observatory gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from csp.decorators import csp_exempt, csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from newsroom.headers import Policy
from tests.factories import A_DAY, make_article
from tests.hostile import hostile_newsroom
from tests.observatory import Answer, grade, score
from tests.test_settings import PRODUCTION, settings_under
from tests.walking import addresses

__all__ = ["settings_under"]

pytestmark = pytest.mark.django_db

CSP = "Content-Security-Policy"
OF_SECURITY = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "CONTENT_SECURITY", "X_FRAME")
READERS = ("/", "/news/one/", "/latest/", "/topics/", "/search/?q=one", "/nowhere/", "/ranking/")
BEST = 130
"""Of 145: no script of others to vouch for (5), no cookie to be careful with (5), and whether
browsers have the site in their preload lists (5) is not ours to say."""


@pytest.fixture
def visitor(settings, settings_under) -> Client:
    """A browser on the site as it is deployed, over https."""
    for name, value in settings_under(**PRODUCTION).items():
        if name.startswith(OF_SECURITY):
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["news.example.org"]
    return Client(headers={"host": "news.example.org"})


def _asked(client: Client, page: str) -> Answer:
    answer = client.get(page, secure=True)
    html = answer.content.decode(errors="replace") if not answer.streaming else ""
    return Answer(answer.headers, answer.cookies, html)


def _others(visitor: Client, pages: list[str]) -> dict[str, Any]:
    grades = {page: grade(_asked(visitor, page)) for page in pages}
    return {page: found for page, found in grades.items() if found != "A+"}


def test_every_page_for_readers_is_graded_a_plus(visitor: Client):
    make_article(slug="one", state="published", go_live_at=A_DAY, first_published_at=A_DAY)
    assert _others(visitor, list(READERS)) == {}


def test_every_page_of_the_desk_is_graded_a_plus(visitor: Client, tmp_path: Path):
    visitor.force_login(hostile_newsroom(tmp_path / "site"))
    assert _others(visitor, [*addresses(), "/admin/logout/"]) == {}
    assert _others(Client(headers={"host": "news.example.org"}), ["/admin/login/"]) == {}


def test_a_page_loses_nothing_that_could_be_had(visitor: Client):
    assert score(_asked(visitor, "/")) == BEST
    login = _asked(visitor, "/admin/login/")
    assert "__Host-csrftoken" in login.cookies
    assert score(login) == BEST + 5


def test_a_visitor_without_tls_is_led_to_it_on_the_same_host(visitor: Client):
    answer = visitor.get("/latest/")
    assert (answer.status_code, answer["Location"]) == (301, "https://news.example.org/latest/")


def test_the_desk_tells_no_other_site_where_its_people_come_from(visitor: Client):
    assert visitor.get("/admin/login/", secure=True)["Referrer-Policy"] == "same-origin"


def test_programs_of_other_sites_may_read_the_api_and_no_page(visitor: Client):
    policy = "Cross-Origin-Resource-Policy"
    assert visitor.get("/api/v1/stories/", secure=True)[policy] == "cross-origin"
    assert visitor.get("/", secure=True)[policy] == "same-origin"


def test_a_view_that_needs_another_policy_gets_it(visitor: Client):
    assert "images.example.org" in _policy_of(csp_update({"img-src": "images.example.org"})(_blank))
    assert _policy_of(csp_exempt()(_blank)) == ""
    assert _policy_of(_blank) == visitor.get("/", secure=True)[CSP]


def _policy_of(view: Callable[[HttpRequest], HttpResponseBase]) -> str:
    request = HttpRequest()
    return Policy(_blank).process_response(request, view(request)).headers.get(CSP, "")


def _blank(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        (CSP, "", "B"),
        (CSP, "default-src 'self'; script-src * 'unsafe-inline'", "B+"),
        ("Strict-Transport-Security", "", "B+"),
        ("Strict-Transport-Security", "max-age=60", "A+"),
        ("X-Content-Type-Options", "", "A+"),
        ("Referrer-Policy", "unsafe-url", "A+"),
    ],
)
def test_the_rules_see_what_is_wrong(visitor: Client, header: str, value: str, expected: str):
    asked = _asked(visitor, "/")
    worse = asked._replace(headers={**asked.headers, header: value})
    assert score(worse) < score(asked)
    assert grade(worse) == expected
