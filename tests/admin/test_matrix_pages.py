"""The permission matrix by pages: every address of the admin, looked at by every role."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from .matrix.pages import LEADING_ON, LOOKS, NOBODY, OPEN_TO_ALL, named
from .matrix.posts import POSTS, Post
from .matrix.table import ROLES, STANDINGS, TRANSITIONS, UNNAMED, may
from .matrix.things import Things, furnish
from .matrix.world import MARK, World, case, look

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def things(world: World) -> Things:
    return furnish(world)


def test_every_address_of_the_admin_has_its_row():
    assert set(named()) == LOOKS.keys() | OPEN_TO_ALL | LEADING_ON


@pytest.mark.parametrize("role", [*ROLES, UNNAMED])
def test_a_page_is_shown_to_who_may_look_and_a_look_changes_nothing(things: Things, role: str):
    leaks = []
    for name, (right, arguments) in LOOKS.items():
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


@pytest.mark.parametrize("role", [*ROLES, UNNAMED])
def test_a_post_does_what_the_role_may_and_a_forged_one_nothing(things: Things, role: str):
    leaks = []
    for post in POSTS:
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


def test_the_matrix_is_as_large_as_it_claims():
    presses = sum(len(rule.starts) for rule in TRANSITIONS.values())
    offers = len(STANDINGS) * len(TRANSITIONS)
    assert len(ROLES) * (len(LOOKS) + len(POSTS) + presses + offers) >= 1_200
