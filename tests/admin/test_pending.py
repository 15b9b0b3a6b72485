"""Pending drafts from the form: what is promised beside the button, and what undo gives back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.states import State
from articles.workflow import draft_of, save_draft
from tests.factories import make_article, make_user

from .conftest import fields_of, form_page

pytestmark = pytest.mark.django_db


def live(**changes) -> Article:
    return make_article(state=State.PUBLISHED, go_live_at=timezone.now(), **changes)


def test_taking_back_save_and_publish_gives_readers_and_the_draft_their_texts_back(
    publisher: Client,
):
    article = live(title="Before")
    save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
    data = fields_of(publisher.get(form_page(article)))
    publisher.post(form_page(article), data | {"title": "After", "_publish": "1"})
    offer = publisher.get(form_page(article)).context["undo"]
    page = reverse("admin:articles_article_undo", args=[article.pk])
    publisher.post(page, {"_undo": str(offer.act.pk)})
    article.refresh_from_db()
    assert article.title == "Before"
    draft = draft_of(article)
    assert draft is not None
    assert draft.values["title"] == "Drafted"


def test_the_line_beside_publish_draft_promises_nothing_that_would_be_refused(publisher: Client):
    def said(article: Article) -> str:
        bar = publisher.get(form_page(article)).context["bar"]
        return " ".join(dict(bar.warnings)["Publish draft"])

    article = live(title="Before", topics=[])
    drafted = save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
    assert said(article) == "Readers see the new text at once."
    save_draft(drafted, make_user("editor"), {"excerpt": "<b>Bold</b>"}, expected_version=2)
    assert said(article).startswith("It would be refused. The excerpt holds markup")
    Article.objects.filter(pk=article.pk).update(title="By the publisher")
    assert said(article).startswith("It would be refused. The live article changed meanwhile")
