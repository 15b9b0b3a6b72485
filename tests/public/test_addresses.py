"""What each address answers: 200, 302, 404 or 410."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.states import State
from articles.stories import refresh
from tests.factories import make_article, make_provider, make_topic

from .conftest import LIVE, PUBLISHED, publish, publish_story

pytestmark = pytest.mark.django_db

ONCE = {"go_live_at": LIVE, "first_published_at": LIVE}
AN_HOUR = timedelta(hours=1)


def test_a_published_story_answers_at_the_stem_it_was_first_public_under(client: Client):
    article = publish(slug="2024-05-06-bridge", title="The bridge opens")

    response = client.get("/news/2024-05-06-bridge/")

    assert response.status_code == 200
    assert "The bridge opens" in response.content.decode()
    assert article.story.slug == "2024-05-06-bridge"


@pytest.mark.parametrize("state", [State.NEW, State.IN_REVIEW, State.APPROVED])
def test_a_shown_members_stem_leads_to_its_story(client: Client, state: State):
    publish_story({"slug": "the-lead"}, {"slug": "the-member", "state": state})

    response = client.get("/news/the-member/")

    assert (response.status_code, response.headers["Location"]) == (302, "/news/the-lead/")


def test_a_story_keeps_its_address_when_another_member_leads_it(client: Client):
    lead, member = publish_story({"slug": "first"}, {"slug": "second", "title": "A better lead"})
    Article.objects.filter(pk=lead.pk).update(state=State.APPROVED, is_lead=False)
    Article.objects.filter(pk=member.pk).update(is_lead=True, **PUBLISHED)
    refresh([lead.story_id])

    assert "A better lead" in client.get("/news/first/").content.decode()
    assert client.get("/news/second/").headers["Location"] == "/news/first/"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.UNPUBLISHED, **ONCE},
        {"state": State.WITHDRAWN, **ONCE},
        {"state": State.SPIKED, **ONCE},
        PUBLISHED | {"expire_at": LIVE + AN_HOUR},
    ],
)
def test_what_was_public_once_is_gone(client: Client, changes: dict[str, Any]):
    make_article(slug="gone", title="Do not name me", **changes)

    response = client.get("/news/gone/")

    assert response.status_code == 410
    assert "Do not name me" not in response.content.decode()


def test_a_story_that_was_public_is_gone_under_its_own_address_too(client: Client):
    lead, member = publish_story({"slug": "first"}, {"slug": "second"})
    Article.objects.filter(pk=lead.pk).update(state=State.APPROVED, is_lead=False)
    Article.objects.filter(pk=member.pk).update(is_lead=True, state=State.UNPUBLISHED, **ONCE)
    Article.objects.filter(pk=lead.pk).update(first_published_at=None)

    assert client.get("/news/first/").status_code == 410


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_what_never_was_public_is_not_found(client: Client, state: State):
    make_article(slug="never", state=state)

    assert client.get("/news/never/").status_code == 404


def test_a_scheduled_article_is_not_found_before_its_time(client: Client):
    soon = timezone.now() + AN_HOUR
    make_article(slug="soon", state="published", go_live_at=soon, first_published_at=soon)

    assert client.get("/news/soon/").status_code == 404


def test_coverage_of_a_story_that_left_is_not_found(client: Client):
    lead, _ = publish_story({}, {"slug": "the-member"})
    Article.objects.filter(pk=lead.pk).update(state=State.UNPUBLISHED)

    assert client.get("/news/the-member/").status_code == 404


def test_a_story_of_a_blocked_provider_is_gone(client: Client):
    publish(slug="blocked", provider=make_provider(policy="blocked"))

    assert client.get("/news/blocked/").status_code == 410


def test_news_leads_to_the_latest(client: Client):
    response = client.get("/news/")

    assert (response.status_code, response.headers["Location"]) == (302, "/latest/")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/news/none/",
        "/news/%00/",
        "/topics/none/",
        "/providers/none.example/",
        "/?after=junk",
        "/?after=nan~1",
        "/?after=1e999~1",
        "/?after=1~99999999999999999999",
        "/latest/?after=junk",
        "/latest/?after=2024-02-30T00:00:00.000000~x",
        "/latest/?after=2024-02-20T00:00:00.000000~%00",
    ],
)
def test_an_address_that_leads_nowhere_helps_onward(client: Client, path: str):
    response = client.get(path)

    assert response.status_code == 404
    assert 'href="/latest/"' in response.content.decode()


def test_a_topic_known_only_from_a_draft_is_not_found(client: Client):
    topic = make_topic(slug="quiet")
    make_article(topics=[topic])

    assert client.get("/topics/quiet/").status_code == 404


def test_a_provider_known_only_from_a_draft_is_not_found(client: Client):
    make_article(provider=make_provider(domain="quiet.example"))

    assert client.get("/providers/quiet.example/").status_code == 404


def test_a_blocked_provider_is_not_found(client: Client):
    publish(provider=make_provider(domain="shut.example", policy="blocked", stem="shut.example"))

    assert client.get("/providers/shut.example/").status_code == 404
    assert "shut.example" not in client.get("/providers/").content.decode()


def test_pages_are_only_read(client: Client):
    assert client.post("/").status_code == 405
