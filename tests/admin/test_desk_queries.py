"""The desk's first page asks as much of the database for one story on the front page as for ten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.stories import refresh
from articles.stories.placing import place
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def go_live(number: int) -> None:
    now = timezone.now()
    live: dict[str, Any] = {"state": "published", "go_live_at": now, "first_published_at": now}
    refresh([make_article(published_at=now, **live).story_id for _ in range(number)])


def queries_of_the_desk(client: Client) -> int:
    page = reverse("admin:index")
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def test_a_full_front_page_costs_the_desk_no_more_queries_than_one_story(client: Client):
    client.force_login(make_user("superuser"))
    go_live(1)
    alone = queries_of_the_desk(client)
    go_live(9)
    assert queries_of_the_desk(client) == alone <= 20


def test_places_and_four_eyes_keep_it_within_its_bound(client: Client, settings: Any):
    settings.FOUR_EYES = True
    editor = make_user("superuser")
    client.force_login(editor)
    go_live(3)
    make_article(state="in_review")
    lead = Article.objects.filter(state="published")[0]
    until = timezone.now() + timedelta(hours=1)
    said: dict[str, Any] = {"reason": "So", "until": until, "number": 1}
    place(lead, "pin", editor, expected_version=lead.version, **said)
    assert queries_of_the_desk(client) <= 20
