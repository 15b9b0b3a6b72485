"""Nothing that readers may not see is on any page."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Note, RelatedItem, Revision, Transition
from articles.states import State
from articles.stories import refresh
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

from .conftest import LIVE, PUBLISHED, publish, publish_story, relate

pytestmark = pytest.mark.django_db

SECRET = "Hushmark"
"""Stands in every text of what must not be read; no template has it."""

Pages = Callable[[], dict[str, str]]


def secret_texts() -> dict[str, Any]:
    return {
        "title": f"{SECRET} title",
        "excerpt": f"{SECRET} excerpt",
        "body": f"{SECRET} body",
        "web_url": f"https://{SECRET}.example/",
        "embed": f'<iframe src="https://www.youtube.com/embed/{SECRET}"></iframe>',
        "type": SECRET,
        "images": [{"url": f"https://{SECRET}.example/a.jpg"}],
        "provider_name": SECRET,
    }


def leaks(pages: dict[str, str]) -> list[str]:
    return [path for path, text in pages.items() if SECRET.lower() in text.lower()]


def test_a_published_article_is_found_by_the_same_search(every_page: Pages):
    publish(**secret_texts())

    assert {"/", "/latest/"} <= set(leaks(every_page()))


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_anonymous_readers_never_see_an_article_that_is_not_published(
    every_page: Pages, state: State
):
    publish()
    make_article(state=state, topics=[make_topic(f"{SECRET} topic")], **secret_texts())
    once: dict[str, Any] = {"go_live_at": LIVE, "first_published_at": LIVE}
    make_article(state=state, **once, **secret_texts())

    assert leaks(every_page()) == []


def test_anonymous_readers_never_see_scheduled_expired_or_blocked_articles(every_page: Pages):
    soon = timezone.now() + timedelta(hours=1)
    past = timezone.now() - timedelta(hours=1)
    for changes in (
        {"go_live_at": soon, "first_published_at": soon},
        {"expire_at": past},
        {"provider": make_provider(policy="blocked", name=SECRET)},
    ):
        article = make_article(**(PUBLISHED | secret_texts() | changes))
        refresh([article.story_id])

    assert leaks(every_page()) == []


@pytest.mark.parametrize(
    "state", [State.CHANGES_REQUESTED, State.UNPUBLISHED, State.SPIKED, State.WITHDRAWN]
)
def test_a_story_does_not_tell_of_members_that_were_taken_out(every_page: Pages, state: State):
    publish_story({}, secret_texts() | {"state": state})

    assert leaks(every_page()) == []


def test_coverage_is_met_as_a_line_and_nothing_more(every_page: Pages):
    texts = secret_texts() | {"title": "Plain", "web_url": "https://plain.example/", "type": ""}
    publish_story({}, texts)

    pages = every_page()

    assert leaks(pages) == []
    assert "Plain" in pages["/"]


def test_members_without_a_published_lead_are_nowhere(every_page: Pages):
    make_story({"state": State.APPROVED} | secret_texts(), secret_texts())

    assert leaks(every_page()) == []


def test_a_list_shows_no_body_and_no_page_the_provider_as_one_file_prints_it(client: Client):
    publish(body=f"{SECRET} body", provider_name=SECRET)

    assert SECRET not in client.get("/").content.decode()


def test_a_related_item_of_a_blocked_provider_is_not_shown(client: Client):
    make_provider(domain="shut.example", policy="blocked")
    for domain, title in (("open.example", "Open"), ("WWW.Shut.example", SECRET)):
        relate(publish(), domain=domain, title=title)

    text = client.get("/").content.decode()

    assert "Open" in text
    assert SECRET not in text


def test_what_only_a_spiked_member_claims_is_not_shown(client: Client):
    lead, spiked = publish_story({}, {"state": State.SPIKED})
    relate(spiked, title=SECRET)
    assert lead.story.related_count == 0

    assert SECRET not in client.get(f"/news/{lead.slug}/").content.decode()


def test_a_hidden_related_item_is_not_shown(client: Client):
    lead = publish()
    relate(lead, title=SECRET)
    RelatedItem.objects.update(hidden_at=timezone.now())

    assert SECRET not in client.get(f"/news/{lead.slug}/").content.decode()


def test_what_the_desk_says_of_a_public_article_is_on_no_page(every_page: Pages):
    article = publish(title="Plain")
    editor = make_user("editor", username=SECRET, first_name=SECRET)
    Note.objects.create(article=article, author=editor, text=SECRET, created_at=LIVE)
    data = zlib.compress(f"---\ntitle: {SECRET}\n---\n".encode())
    draft = Revision.objects.create(article=article, data=data, actor=editor, created_at=LIVE)
    Transition.objects.create(
        article=article,
        action="publish",
        to_state=State.PUBLISHED,
        actor=editor,
        comment=SECRET,
        changes={"title": ["Before", SECRET]},
        version=2,
        at=LIVE,
    )
    Article.objects.update(draft=draft, draft_base=draft, assignee=editor, warnings=[SECRET])

    assert leaks(every_page()) == []


def test_a_search_tells_nothing_of_what_it_may_not_find(client: Client):
    publish(title="Plain")
    plain = client.get("/search/", {"q": "zzz"}).content.decode()
    make_article(title="zzz", excerpt="zzz", topics=[make_topic("zzz", slug="zzz")])

    assert client.get("/search/", {"q": "zzz"}).content.decode() == plain
    assert client.get("/search/", {"topic": "zzz"}).status_code == 400
