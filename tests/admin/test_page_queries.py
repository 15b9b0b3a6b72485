"""Pages of records ask as many queries for many rows as for few, and never more than twenty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Run, Story, Topic, Transition, Upload
from providers.models import Provider
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db

MANY = 5


def grow() -> None:
    """One more of everything that a page of records may list."""
    now = timezone.now()
    person = make_user("editor")
    run = Run.objects.create(
        kind="import",
        root="content",
        started_at=now,
        finished_at=now,
        totals={"article": {"created": 1}},
        actor=person,
    )
    parent, provider = Topic.objects.first() or make_topic(), Provider.objects.first()
    provider = provider or make_provider()
    topics = [make_topic(parent=parent)]
    story = Story.objects.first()
    more: dict[str, Any] = {"run": run, "provider": provider, "topics": topics}
    lead, _ = make_story(more, more)
    if story is not None:
        make_article(story=story, is_lead=False, **(more | {"provider": make_provider()}))
    for article in (Article.objects.order_by("pk")[0], lead):
        Transition.objects.create(
            article=article, action="claim", to_state="new", actor=person, version=1, at=now
        )
    Upload.objects.create(
        name="site.zip",
        standing=Upload.Standing.DONE,
        run=run,
        made_by=person,
        made_at=now,
        changed_at=now,
    )


def first(model: Any) -> Callable[[], str]:
    """The page of the model's first row."""
    name = f"{model._meta.app_label}/{model._meta.model_name}"
    return lambda: f"/admin/{name}/{model.objects.order_by('pk')[0].pk}/change/"


PAGES: dict[str, Callable[[], str]] = {
    "runs": lambda: "/admin/articles/run/",
    "providers": lambda: "/admin/providers/provider/",
    "provider": first(Provider),
    "stories": lambda: "/admin/articles/story/",
    "topics": lambda: "/admin/articles/topic/",
    "uploads": lambda: "/admin/articles/upload/",
    "upload": first(Upload),
    "people": lambda: "/admin/articles/person/",
}


def count(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_pages_of_records_ask_no_more_for_many_rows_than_for_few(
    sign_in: Callable[[str], Client],
):
    manager = sign_in("managing editor")
    grow()
    grow()
    pages = {name: page() for name, page in PAGES.items()}
    for page in pages.values():
        manager.get(page)
    few = {name: count(manager, page) for name, page in pages.items()}
    for _ in range(MANY):
        grow()
    many = {name: count(manager, page) for name, page in pages.items()}
    assert many == few
    assert max(few.values()) <= 20, few
