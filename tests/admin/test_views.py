"""Saved views: lists under a name, one's own or everybody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import SavedView

from .conftest import LIST

pytestmark = pytest.mark.django_db

VIEWS = f"{LIST}views/"


def save(client: Client, name: str, query: str = "shelf=all&quality_from=60", **more: str) -> Any:
    return client.post(VIEWS, {"name": name, "query": query} | more)


def names(client: Client, **asked: str) -> list[str]:
    return [view.name for view in client.get(LIST, asked).context["saved_views"]]


def test_a_view_keeps_the_list_without_what_passes(editor: Client):
    answer = save(editor, "  Good   ones ", "quality_from=60&p=3&topic=&shelf=all&e=1")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Good ones", "quality_from=60&shelf=all")
    assert answer["Location"] == f"{LIST}?quality_from=60&shelf=all"
    shown = editor.get(LIST, {"shelf": "all", "quality_from": "60"}).context["saved_views"]
    assert [view.is_current for view in shown] == [True]


def test_a_view_is_one_s_own_until_it_is_shared(editor: Client, publisher: Client):
    save(editor, "Mine")
    save(editor, "Ours", is_shared="on")
    assert names(editor) == ["Mine", "Ours"]
    assert names(publisher) == ["Ours"]


def test_the_same_name_replaces_one_s_own_view_only(editor: Client, publisher: Client):
    save(editor, "Good", is_shared="on")
    save(publisher, "Good", "shelf=live")
    save(editor, "Good", "shelf=back")
    queries = SavedView.objects.order_by("owner").values_list("query", flat=True)
    assert sorted(queries) == ["shelf=back", "shelf=live"]


def test_nobody_deletes_somebody_else_s_view(editor: Client, publisher: Client):
    save(editor, "Ours", is_shared="on")
    page = f"{VIEWS}{SavedView.objects.get().pk}/delete/"
    assert publisher.post(page).status_code == 404
    assert editor.get(page).status_code == 405
    editor.post(page)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"name": " "}, {"name": "x" * 61}, {"name": "a", "query": "q=" + "x" * 2000}]
)
def test_what_cannot_be_kept_is_said(editor: Client, sent: dict[str, str]):
    answer = editor.post(VIEWS, {"query": ""} | sent, follow=True)
    assert not SavedView.objects.exists()
    assert "A view needs a name" in answer.content.decode()


def test_who_may_only_look_saves_nothing(sign_in: Callable[[str], Client], editor: Client):
    save(editor, "Ours", is_shared="on")
    for role in ("contributor", "auditor"):
        client = sign_in(role)
        assert names(client) == ["Ours"]
        assert save(client, "Mine").status_code == 403
        assert client.post(f"{VIEWS}{SavedView.objects.get().pk}/delete/").status_code == 403
    assert SavedView.objects.count() == 1
