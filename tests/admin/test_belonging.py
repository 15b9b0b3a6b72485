"""From an article's form its possible stories are one press away, and one more joins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.stories import refresh
from tests.factories import A_DAY, make_article, make_story

from .conftest import form_page

pytestmark = pytest.mark.django_db


def suggested(client: Client, article: Article):
    return client.get(reverse("admin:articles_article_suggested", args=[article.pk]))


def two_stories() -> tuple[Article, Article]:
    lead, _ = make_story(
        {"title": "Ferry strikes pier at Calder Reach", "published_at": A_DAY}, {"quality": 10}
    )
    refresh([lead.story_id])
    return lead, make_article(title="Ferry hits the pier at Calder Reach", published_at=A_DAY)


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
    lead, _ = two_stories()
    assert "Two stories look like one" in suggested(editor, lead).content.decode()
