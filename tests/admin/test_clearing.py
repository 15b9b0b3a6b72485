"""Clearing the queue: one act, one undo, nothing decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import State
from tests.factories import make_article

from .conftest import LIST

pytestmark = pytest.mark.django_db

CLEAR = f"{LIST}clear/"


def fresh(**changes: Any) -> Article:
    return make_article(**({"arrived_at": timezone.now()} | changes))


def put_aside() -> set[int]:
    return set(Article.objects.filter(is_backlog=True).values_list("pk", flat=True))


def press(client: Client) -> Any:
    """Presses the button under the queue, as the page has it."""
    until = client.get(LIST).context["read_at"]
    return client.post(CLEAR, {"until": until}, follow=True)


def test_what_is_left_of_the_queue_goes_to_the_backlog_and_nothing_is_decided(editor: Client):
    left = [fresh(), fresh(state=State.IN_REVIEW)]
    fresh(state=State.APPROVED)
    answer = press(editor)
    assert put_aside() == {article.pk for article in left}
    assert "2 moved to the backlog." in " ".join(answer.content.decode().split())
    assert list(answer.context["cl"].result_list) == []
    assert [a.state for a in Article.objects.order_by("pk")] == ["new", "in_review", "approved"]


def test_what_arrived_after_the_page_was_read_stays(editor: Client):
    seen = fresh(arrived_at=timezone.now() - timedelta(hours=1))
    fresh(arrived_at=timezone.now() + timedelta(seconds=1))
    press(editor)
    assert put_aside() == {seen.pk}


def test_one_undo_brings_all_of_it_back(editor: Client):
    fresh()
    decided = fresh()
    outcome = press(editor).context["outcome"]
    Article.objects.filter(pk=decided.pk).update(is_backlog=False)
    answer = editor.post(f"{CLEAR}undo/", {"batch": outcome["batch"]}, follow=True)
    assert put_aside() == set()
    assert answer.context["outcome"]["number"] == 1
    editor.post(f"{CLEAR}undo/", {"batch": outcome["batch"]})
    assert sorted(Transition.objects.values_list("action", flat=True)) == ["clear", "clear", "undo"]


def test_only_one_s_own_clearing_of_just_now_comes_back(editor: Client, publisher: Client):
    fresh()
    batch = press(editor).context["outcome"]["batch"]
    for forged in (batch, ""):
        publisher.post(f"{CLEAR}undo/", {"batch": forged})
    Transition.objects.update(at=timezone.now() - timedelta(minutes=11))
    editor.post(f"{CLEAR}undo/", {"batch": batch})
    assert len(put_aside()) == 1


def test_who_may_only_look_is_not_offered_it_and_cannot(sign_in: Callable[[str], Client]):
    fresh()
    for role in ("contributor", "auditor"):
        client = sign_in(role)
        assert b"Clear the rest" not in client.get(LIST).content
        assert client.post(CLEAR).status_code == 403
        assert client.post(f"{CLEAR}undo/", {"batch": "x"}).status_code == 403
        assert client.get(CLEAR).status_code == 405
    assert put_aside() == set()


@pytest.mark.parametrize("until", ["", "yesterday", "2026-99-99T00:00", "2026-01-01T00:00"])
def test_a_time_that_no_page_has_sent_means_now(editor: Client, until: str):
    fresh(arrived_at=timezone.now() - timedelta(minutes=1))
    editor.post(CLEAR, {"until": until})
    assert len(put_aside()) == 1


def test_a_filtered_queue_is_not_cleared_by_mistake(editor: Client):
    fresh(quality=80)
    assert b"Clear the rest" in editor.get(LIST).content
    assert b"Clear the rest" not in editor.get(LIST, {"quality_from": "60"}).content
    assert b"Clear the rest" not in editor.get(LIST, {"shelf": "all"}).content
