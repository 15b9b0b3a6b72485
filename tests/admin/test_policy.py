"""Before the newsroom publishes by itself, its editors see what it would have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk import autopublish
from articles.models import Article
from articles.stories import refresh
from providers.models import Policy
from tests.factories import make_article, make_provider

from .conftest import form_page

pytestmark = pytest.mark.django_db
PAGE = "/admin/articles/article/auto-publish/"


def arrive(title: str, **changes: Any) -> Article:
    at = timezone.now() - timedelta(hours=1)
    provider = make_provider(policy=Policy.TRUSTED)
    article = make_article(
        title=title, provider=provider, quality=80, published_at=at, arrived_at=at, **changes
    )
    refresh([article.story_id])
    return article


def test_the_rehearsal_names_what_would_be_published_and_why_not(editor: Client):
    arrive("Orsk dam cracks", excerpt="One.")
    arrive("Valley choir sings", excerpt="Two.", topics=[])
    page = editor.get(PAGE)
    assert [one.article.title for one, *_ in page.context["would"]] == ["Orsk dam cracks"]
    text = page.content.decode()
    assert "It is off;" in text
    assert "quality 80, alone (70) · still new" in text
    assert "It needs at least one topic." in text
    assert PAGE in editor.get(reverse("admin:index")).content.decode()


def test_many_lines_ask_what_one_does(editor: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(PAGE)
        return len(asked)

    arrive("Orsk dam cracks", excerpt="One.")
    editor.get(PAGE)
    few = queries()
    for number in range(5):
        arrive(f"Choir number {number} sings", excerpt=f"{number}")
    assert queries() == few


def test_what_it_published_is_taken_back_from_the_form_by_a_publisher(
    editor: Client, publisher: Client, settings: Any
):
    settings.AUTO_PUBLISH = True
    article = arrive("Orsk dam cracks", excerpt="One.")
    autopublish.act(timezone.now())
    assert editor.get(form_page(article)).context["undo"] is None
    page = publisher.get(form_page(article))
    assert "Done here by the newsroom itself: published" in page.content.decode()
    publisher.post(
        form_page(article).replace("change", "undo"), {"_undo": page.context["undo"].act.pk}
    )
    article.refresh_from_db()
    assert article.state == "new"
