"""People at the desk, and what their browsers would send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.factories import make_user

from .matrix.world import World, build

LIST = "/admin/articles/article/"


def form_page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def fields_of(response: Any) -> dict[str, Any]:
    """What the form on a page would send if nobody typed anything."""
    form = response.context["adminform"].form
    data: dict[str, Any] = {
        "version": str(response.context["version"]),
        "state_seen": response.context["article"].state,
    }
    for name in getattr(form, "content", []):
        bound = form[name]
        value = bound.field.prepare_value(bound.value())
        if isinstance(value, list):
            shown: Any = [str(item) for item in value]
        else:
            shown = bound.field.widget.format_value(value)
        data[name] = data[f"initial-{name}"] = "" if shown is None else shown
    return data


@pytest.fixture
def sign_in() -> Callable[[str], Client]:
    """A browser in which somebody of that role is signed in."""

    def client_of(role: str) -> Client:
        client = Client()
        client.force_login(make_user(role))
        return client

    return client_of


@pytest.fixture
def publisher(db: None, sign_in: Callable[[str], Client]) -> Client:
    return sign_in("publisher")


@pytest.fixture
def editor(db: None, sign_in: Callable[[str], Client]) -> Client:
    return sign_in("editor")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The newsroom of the permission matrix, built once for a module and then taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
