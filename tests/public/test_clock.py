"""What passes with the clock is on time, in caches too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, ArticleTopic, RelatedItem, Topic, Transition
from articles.public import clock
from articles.stories import refresh
from providers.models import Provider
from tests.factories import make_article, make_topic

from .conftest import PUBLISHED, publish, relate

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
SOON = timedelta(seconds=30)
PATHS = ("/", "/latest/")


def schedule(**changes: Any) -> Article:
    article = make_article(**(PUBLISHED | changes))
    refresh([article.story_id])
    return article


@pytest.mark.parametrize("path", PATHS)
def test_a_scheduled_story_arrives_on_time_in_pages_that_are_cached(client: Client, path: str):
    publish(title="Before")
    with time_machine.travel(NOON, tick=False) as now:
        schedule(title="Scheduled", go_live_at=NOON + SOON, first_published_at=NOON + SOON)
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
        now.shift(SOON)
        later = client.get(path, headers={"if-none-match": first.headers["ETag"]})

    assert "Scheduled" not in first.content.decode()
    assert first.headers["Cache-Control"] == "public, max-age=30"
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=30")
    assert "Scheduled" in later.content.decode()
    assert later.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", PATHS)
def test_an_expired_story_leaves_on_time_pages_that_are_cached(client: Client, path: str):
    with time_machine.travel(NOON, tick=False) as now:
        story = publish(title="Fleeting", expire_at=NOON + SOON)
        first = client.get(path)
        page = client.get(f"/news/{story.slug}/")
        now.shift(SOON)
        later = client.get(path, headers={"if-none-match": first.headers["ETag"]})
        gone = client.get(f"/news/{story.slug}/", headers={"if-none-match": page.headers["ETag"]})

    assert "Fleeting" in first.content.decode()
    assert page.headers["Cache-Control"] == "public, max-age=30"
    assert "Fleeting" not in later.content.decode()
    assert gone.status_code == 410


def test_no_page_that_names_the_day_outlives_it(client: Client):
    with time_machine.travel(datetime(2024, 6, 1, 23, 59, 50, tzinfo=UTC), tick=False) as now:
        first = client.get("/")
        now.shift(timedelta(seconds=10))
        later = client.get("/", headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=10"
    assert later.status_code == 200
    assert "2 June 2024" in later.content.decode()


def test_an_unchanged_page_costs_one_query(client: Client):
    publish()
    first = client.get("/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/", headers={"if-none-match": first.headers["ETag"]})

    assert len(queries) == 1


def _rename_provider() -> None:
    Provider.objects.update(name="Another")


def _rename_topic() -> None:
    Topic.objects.update(name="Another")


def _leave_topic() -> None:
    ArticleTopic.objects.all().delete()


def _hide_related() -> None:
    RelatedItem.objects.update(hidden_at=NOON)


def _note() -> None:
    article = Article.objects.get()
    Transition.objects.create(
        article=article, action="edit", to_state=article.state, version=1, at=NOON
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda: Article.objects.update(title="Another"),
        lambda: make_article(),
        _rename_provider,
        _rename_topic,
        _leave_topic,
        _hide_related,
        _note,
        lambda: make_topic(),
    ],
)
def test_any_change_that_readers_may_see_makes_a_new_edition(change: Callable[[], Any]):
    relate(publish(), title="Elsewhere")
    before = clock.read(NOON).version

    change()

    assert clock.read(NOON).version != before


def test_what_the_desk_keeps_to_itself_makes_no_new_edition():
    publish()
    before = clock.read(NOON).version

    Article.objects.update(is_backlog=True, version=7)

    assert clock.read(NOON).version == before


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_makes_no_new_edition():
    publish()
    before = clock.read(NOON).version

    with transaction.atomic():
        Article.objects.update(title="Another")
        transaction.set_rollback(True)

    assert clock.read(NOON).version == before


@pytest.mark.django_db(transaction=True)
def test_each_committed_change_makes_a_new_edition():
    article = publish()
    found = {clock.read(NOON).version}
    for number in range(3):
        with transaction.atomic():
            Article.objects.update(title=f"Title {number}")
            article.story.save()
        found.add(clock.read(NOON).version)

    assert len(found) == 4
