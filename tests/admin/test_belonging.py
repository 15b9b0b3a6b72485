"""From an article's form its possible stories are one press away, and one more joins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, Story
from articles.stories import refresh
from articles.stories.cohesion import strangers_in
from tests.factories import A_DAY, make_article, make_story

from .conftest import form_page

pytestmark = pytest.mark.django_db


def suggested(client: Client, article: Article):
    return client.get(reverse("admin:articles_article_suggested", args=[article.pk]))


def two_stories() -> tuple[Article, Article]:
    lead, _ = make_story(
        {"title": "Ferry strikes pier at Calder Reach", "published_at": A_DAY, "excerpt": None},
        {"title": "Valley choir sings", "published_at": A_DAY, "excerpt": None},
    )
    refresh([lead.story_id])
    return lead, make_article(
        title="Ferry hits the pier at Calder Reach", published_at=A_DAY, excerpt=None
    )


def test_the_form_leads_to_the_stories_that_it_may_belong_to(editor: Client):
    lead, article = two_stories()
    page = suggested(editor, article)
    assert page.request["PATH_INFO"] in editor.get(form_page(article)).content.decode()
    text = page.content.decode()
    assert lead.title in text
    assert "rare words shared: " in text
    assert "story of 2" in text


def test_one_press_joins(editor: Client):
    lead, article = two_stories()
    suggested(editor, article)
    editor.post(
        reverse("admin:articles_article_attach", args=[lead.pk]),
        {"link": article.link, "lead": f"{lead.pk}:{lead.version}"},
    )
    article.refresh_from_db()
    assert (article.story_id, article.is_lead) == (lead.story_id, False)


def test_who_may_not_change_stories_sees_them_without_a_button(sign_in: Callable[[str], Client]):
    _, article = two_stories()
    text = suggested(sign_in("contributor"), article).content.decode()
    assert "rare words shared: " in text
    assert ">Join<" not in text


def test_two_stories_that_look_like_one_are_said_to(editor: Client):
    lead, article = two_stories()
    text = suggested(editor, lead).content.decode()
    assert "Two stories look like one" in text
    assert article.title in text


def test_the_page_of_a_story_says_both_and_leads_on(editor: Client):
    lead, article = two_stories()
    text = editor.get(reverse("admin:articles_story_change", args=[lead.story_id])).content.decode()
    assert "Two stories look like one" in text
    assert f"?s={lead.story_id}&amp;s={article.story_id}" in text
    assert "May not belong" in text


def test_a_member_that_does_not_belong_is_taken_out_by_one_press(editor: Client):
    lead, _ = two_stories()
    stranger = lead.story.members.get(is_lead=False)
    page = suggested(editor, lead)
    assert [one.article for one, _, _ in page.context["strangers"]] == [stranger]
    assert f'value="{stranger.pk}:{stranger.version}"' in page.content.decode()
    editor.post(
        reverse("admin:articles_article_detach", args=[lead.pk]),
        {"member": f"{stranger.pk}:{stranger.version}"},
    )
    assert strangers_in(Story.objects.get(pk=lead.story_id)) == []


def test_a_page_of_many_asks_as_many_queries_as_one_of_few(editor: Client):
    lead, _ = two_stories()
    suggested(editor, lead)
    few = queries(editor, lead)
    for number in range(20):
        make_article(title=f"Choir {number}", story=lead.story, is_lead=False, excerpt=None)
        make_article(title=f"Ferry strikes pier {number}", published_at=A_DAY, excerpt=None)
    assert queries(editor, lead) == few


def queries(client: Client, article: Article) -> int:
    with CaptureQueriesContext(connection) as asked:
        suggested(client, article)
    return len(asked)
