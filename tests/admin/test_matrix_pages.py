"""The permission matrix by pages: every address of the admin, looked at by every role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.shares import share

from .matrix.pages import (
    LEADING_ON,
    LOOKS,
    NOBODY,
    OF_ARTICLES,
    OPEN_TO_ALL,
    POST_ALONE,
    READ_ALONE,
    named,
)
from .matrix.post import Post
from .matrix.posts import POSTS
from .matrix.table import ROLES, STANDINGS, TRANSITIONS, UNNAMED, may
from .matrix.things import Things, furnish
from .matrix.world import MARK, World, case, look

pytestmark = pytest.mark.django_db

EVERYBODY = (*ROLES, UNNAMED)


@pytest.fixture(autouse=True)
def repository(settings: Any, tmp_path: Path) -> None:
    """A site that may be asked for a sync; nothing answers there."""
    settings.REPOSITORY_URL = str(tmp_path / "kept.git")
    settings.REPOSITORY_FOLDER = str(tmp_path / "content")


@pytest.fixture(scope="module")
def things(world: World) -> Things:
    return furnish(world)


def test_every_address_of_the_admin_has_its_row():
    assert set(named()) == LOOKS.keys() | OPEN_TO_ALL | LEADING_ON


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_page_is_shown_to_who_may_look_and_a_look_changes_nothing(things: Things, role: str):
    leaks = []
    for name, (right, arguments) in share(LOOKS.items(), EVERYBODY.index(role)):
        page = reverse(f"admin:{name}", args=things.arguments(arguments))
        with case(things.world) as found:
            client = things.world.client(role)
            answer = client.get(page, {"q": MARK})
            if answer.headers.get("Location", "").startswith(f"{page}?"):
                answer = client.get(answer.headers["Location"])
            look(things.world, found)
        is_allowed = right != NOBODY and may(role, right)
        if (answer.status_code == 200) != is_allowed or answer.status_code >= 500:
            leaks.append(f"{name}: answered {answer.status_code}")
        body = b"" if answer.streaming else answer.content.replace(b"q=%s" % MARK.encode(), b"")
        if MARK.encode() in body and not (is_allowed and may(role, "view")):
            leaks.append(f"{name}: shows editorial content")
        if found.rows:
            leaks.append(f"{name}: a look changed {sorted(found.tables())}")
    assert leaks == []


def send(
    things: Things, role: str, post: Post, *, checks_csrf: bool = False
) -> tuple[set[str], int, str]:
    """(tables that differ after it, status of the answer, what it said)."""
    page = reverse(f"admin:{post.page}", args=things.arguments(post.arguments))
    client = things.world.client(role, checks_csrf=checks_csrf)
    with case(things.world) as found:
        answer = client.post(page, post.sent(things))
        said = " ".join(map(str, get_messages(answer.wsgi_request)))
        look(things.world, found)
    return found.tables(), answer.status_code, said


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_post_does_what_the_role_may_and_a_forged_one_nothing(things: Things, role: str):
    leaks = []
    for post in share(POSTS, EVERYBODY.index(role)):
        tables, status, said = send(things, role, post)
        is_allowed = post.right != NOBODY and may(role, post.right)
        is_done = bool(tables & post.changes) if is_allowed else bool(tables)
        if is_done != is_allowed or status >= 500:
            leaks.append(f"{post.page} {post.says}: {status}, changed {sorted(tables)} {said}")
    assert leaks == []


def test_a_post_from_elsewhere_changes_nothing(things: Things):
    leaks = []
    for post in POSTS:
        tables, status, said = send(things, "superuser", post, checks_csrf=True)
        if tables or status != 403:
            leaks.append(f"{post.page} {post.says}: {status}, changed {sorted(tables)} {said}")
    assert leaks == []


def address(things: Things, name: str) -> str:
    return reverse(f"admin:{name}", args=things.arguments(LOOKS[name][1]))


def test_strangers_are_led_to_log_in_from_every_address(things: Things):
    client, answers = things.world.client("anonymous"), {}
    for name in LOOKS.keys() - {"logout", "articles_article_typed"}:
        answer = client.get(address(things, name))
        answers[name] = answer.headers.get("Location", answer.status_code)
    assert {name for name, to in answers.items() if "/admin/login/" not in str(to)} == set()


def test_what_takes_posts_alone_answers_nothing_else(things: Things):
    client = things.world.client("superuser")
    answers = {name: client.get(address(things, name)).status_code for name in POST_ALONE}
    assert answers == dict.fromkeys(POST_ALONE, 405)


def test_what_is_read_alone_takes_no_post(things: Things):
    client = things.world.client("superuser")
    answers = {name: client.post(address(things, name)).status_code for name in READ_ALONE}
    assert answers == dict.fromkeys(READ_ALONE, 405)
    assert client.put(address(things, "articles_article_new_link")).status_code == 405


def test_an_article_that_is_not_there_is_not_found_at_any_address(things: Things):
    client, answers = things.world.client("superuser"), {}
    for name in OF_ARTICLES:
        ask = client.post if name in POST_ALONE else client.get
        answers[name] = ask(reverse(f"admin:{name}", args=[10**9])).status_code
    assert answers == dict.fromkeys(OF_ARTICLES, 404)


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("articles_article_detach", {"member": "999999999:1"}, 404),
        ("articles_article_lead", {"member": "x"}, 404),
        ("articles_article_resolve_note", {"note": "999999999"}, 404),
        ("articles_article_share", {"act": "revoke:999999999"}, 404),
        ("articles_article_share", {"act": "make", "days": "365"}, 403),
        ("articles_article_hide", {"act": "hide:999999999", "comment": "why"}, 404),
        ("articles_article_hide", {"act": "erase:1", "comment": "why"}, 404),
        ("articles_article_triage", {"article": "999999999", "act": "claim"}, 403),
        ("articles_article_triage", {"article": "article", "act": "erase"}, 403),
        ("articles_article_bulk", {"kind": "erase", "chosen": "1:1"}, 403),
    ],
)
def test_a_forged_form_that_names_nothing_does_nothing(
    things: Things, name: str, sent: dict[str, str], status: int
):
    said = {
        key: str(things["article"].pk) if text == "article" else text for key, text in sent.items()
    }
    with case(things.world) as found:
        answer = things.world.client("superuser").post(address(things, name), said)
        look(things.world, found)
    assert (answer.status_code, found.tables()) == (status, set())


def test_the_matrix_is_as_large_as_it_claims():
    presses = sum(len(rule.starts) for rule in TRANSITIONS.values())
    offers = len(STANDINGS) * len(TRANSITIONS)
    assert len(ROLES) * (len(LOOKS) + len(POSTS) + presses + offers) >= 1_200
