"""What readers are told of mistakes, and what not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import State
from tests.factories import make_article

from .conftest import LIVE, publish

pytestmark = pytest.mark.django_db

NOTE = "The bridge is 40 metres long, not 40 miles."


def note(article: Article, **changes: Any) -> Transition:
    values = {
        "action": "publish_draft",
        "to_state": article.state,
        "public_note": NOTE,
        "comment": "Only for us",
        "version": 2,
        "at": LIVE + timedelta(hours=1),
    }
    return Transition.objects.create(article=article, **(values | changes))


def test_a_correction_is_read_on_the_story_and_in_the_list(client: Client):
    article = publish(title="A long bridge")
    note(article)

    page = client.get(f"/news/{article.slug}/").content.decode()
    listed = client.get("/corrections/").content.decode()

    assert NOTE in page
    assert NOTE in listed
    assert f'<a href="/news/{article.slug}/" dir="auto">A long bridge</a>' in listed
    assert "Only for us" not in page + listed


def test_a_withdrawal_is_told_without_the_title(client: Client):
    gone = make_article(title="Libel", state=State.WITHDRAWN, first_published_at=LIVE)
    note(gone, action="withdraw")

    listed = client.get("/corrections/").content.decode()

    assert NOTE in listed
    assert "Libel" not in listed
    assert gone.slug not in listed


@pytest.mark.parametrize("state", [State.NEW, State.APPROVED, State.UNPUBLISHED, State.SPIKED])
def test_nothing_is_told_of_a_story_that_is_not_public(client: Client, state: State):
    note(make_article(state=state, first_published_at=LIVE))
    note(make_article(state=State.WITHDRAWN), action="withdraw")

    assert NOTE not in client.get("/corrections/").content.decode()


def test_a_note_that_was_taken_back_is_not_told(client: Client):
    article = publish()
    act = note(article)
    Transition.objects.create(
        article=article, action="undo", to_state="published", undoes=act, version=3, at=LIVE
    )

    assert NOTE not in client.get(f"/news/{article.slug}/").content.decode()


def test_text_of_a_note_is_text(client: Client):
    article = publish()
    note(article, public_note="<script>alert(1)</script>", at=timezone.now())

    for path in (f"/news/{article.slug}/", "/corrections/"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_a_bad_order_is_answered_with_a_sentence(client: Client):
    article = publish()
    topic = article.topics.get()

    for path in (f"/news/{article.slug}/?order=x", f"/topics/{topic.slug}/?order=x"):
        response = client.get(path)
        assert response.status_code == 400
        assert "with order=" in response.content.decode()


def test_a_page_that_is_not_there_shows_the_latest_stories(client: Client):
    publish(title="Something to read")
    gone = make_article(state=State.UNPUBLISHED, first_published_at=LIVE)

    for path in ("/nowhere/", "/news/nothing/", f"/news/{gone.slug}/", "/?after=junk"):
        assert "Something to read" in client.get(path).content.decode(), path
