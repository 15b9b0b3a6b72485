"""What each role may do to the rows of each model, and what the menu offers it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from articles.models import Digest
from tests.factories import A_DAY, make_user

from .matrix.pages import NOBODY
from .matrix.table import ROLES, UNNAMED, may

pytestmark = pytest.mark.django_db

PEOPLE = {role: "" if role == UNNAMED else role for role in (*ROLES[1:], UNNAMED)}
"""Roles of those who sign in, as accounts are made with them."""

LOOKED_AT = {"view": "view", "add": NOBODY, "change": NOBODY, "delete": NOBODY}
ACCOUNTS = dict.fromkeys(LOOKED_AT, "accounts")
MODELS: dict[str, dict[str, str]] = {
    # Made by imports, and by its own page from a link.
    "articles.Article": LOOKED_AT | {"change": "review"},
    "articles.Conflict": LOOKED_AT,
    "articles.Digest": LOOKED_AT | {"add": "rank", "change": "rank"},
    "articles.Erasure": LOOKED_AT | {"view": "accounts"},
    "articles.Person": LOOKED_AT | {"view": "people"},
    "articles.Run": LOOKED_AT,
    "articles.SignIn": LOOKED_AT | {"view": "people"},
    "articles.Story": LOOKED_AT,
    "articles.SyncRun": LOOKED_AT,
    "articles.Task": LOOKED_AT,
    "articles.Topic": LOOKED_AT | {"add": "topics", "change": "topics"},
    "articles.Transition": LOOKED_AT,
    "articles.Upload": LOOKED_AT | {"view": "import"},
    "auth.Group": ACCOUNTS,
    "auth.User": ACCOUNTS,
    "providers.Provider": LOOKED_AT | {"add": "policy", "change": "policy"},
}
"""The right that each act on its rows needs."""

OPEN_DIGEST: dict[str, str] = {"view": "view", "add": NOBODY, "change": "rank", "delete": "rank"}
DIGEST_ACTS = {"fill_up": "rank", "close_them": "publish", "reopen_them": "publish"}


def request_of(person: User) -> Any:
    request = RequestFactory().get("/admin/")
    request.user = person
    return request


def allowed(role: str, rights: dict[str, str]) -> dict[str, bool]:
    return {act: right != NOBODY and may(role, right) for act, right in rights.items()}


def desk() -> dict[str, Any]:
    """The pages of each model, which the admin finds with its addresses."""
    assert get_resolver().url_patterns
    return {model._meta.label: pages for model, pages in admin.site._registry.items()}


def test_every_model_of_the_desk_has_its_row():
    assert desk().keys() == MODELS.keys()


@pytest.mark.parametrize("label", MODELS)
def test_a_role_may_do_to_the_rows_of_a_model_what_it_should(label: str):
    pages = desk()[label]
    for role, name in PEOPLE.items():
        found = pages.get_model_perms(request_of(make_user(name)))
        assert found == allowed(role, MODELS[label]), role


@pytest.mark.parametrize("role", PEOPLE)
def test_the_menu_holds_what_the_role_may_look_at_and_nothing_else(client: Client, role: str):
    client.force_login(make_user(PEOPLE[role]))
    apps = client.get("/admin/").context["available_apps"]
    offered = {
        model["model"]._meta.label: bool(model["add_url"])
        for app in apps
        for model in app["models"]
    }
    rights = {label: allowed(role, acts) for label, acts in MODELS.items()}
    assert offered == {label: may["add"] for label, may in rights.items() if may["view"]}


@pytest.mark.parametrize("role", PEOPLE)
def test_the_acts_on_digests_are_offered_to_who_may_do_them(role: str):
    offered = desk()["articles.Digest"].get_actions(request_of(make_user(PEOPLE[role])))
    expected = allowed(role, DIGEST_ACTS)
    assert set(offered) == {name for name, is_open in expected.items() if is_open}


@pytest.mark.parametrize("role", PEOPLE)
def test_the_stories_of_an_open_digest_are_moved_and_left_out_by_who_ranks(role: str):
    request = request_of(make_user(PEOPLE[role]))
    stories = desk()["articles.Digest"].inlines[0](Digest, admin.site)

    def found(digest: Digest) -> dict[str, bool]:
        return {
            act: getattr(stories, f"has_{act}_permission")(request, digest) for act in OPEN_DIGEST
        }

    expected = allowed(role, OPEN_DIGEST)
    assert found(Digest(day=A_DAY)) == expected
    closed = Digest(day=A_DAY, closed_at=timezone.now())
    assert found(closed) == expected | {"change": False, "delete": False}
