"""How SQLite reads the hot lists: in the order of an index, without sorting what it holds.

It plans without statistics, so that a plan on an empty table is the plan on a million rows.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from articles.admin.filters import OddFilter
from articles.admin.queue import left_without_lead, on_shelf, ordering
from articles.models import AWAITS_ADMISSION, Article
from articles.stories.looked import grown

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="plans of PostgreSQL go by its rows"),
]


def plan(rows: Any) -> str:
    return str(rows.explain())


@pytest.mark.parametrize(
    ("shelf", "index"),
    [
        ("queue", "queue_waiting"),
        ("backlog", "queue_in_order"),
        ("approved", "article_by_state"),
        ("back", "article_by_state"),
        ("live", "published_by_going_live"),
        ("all", "article_by_newest"),
    ],
)
def test_a_shelf_is_read_in_the_order_of_an_index(shelf: str, index: str):
    found = plan(on_shelf(Article.objects.all(), shelf).order_by(*ordering(shelf))[:50])
    assert index in found
    assert "TEMP B-TREE" not in found


def test_the_latest_stories_are_read_in_the_order_of_going_live():
    found = plan(Article.objects.published(timezone.now()).order_by("-go_live_at", "slug")[:25])
    assert "published_by_going_live" in found
    assert "TEMP B-TREE" not in found


def test_a_count_of_the_queue_ends_with_the_queue():
    rows = on_shelf(Article.objects.all(), "queue").order_by(*ordering("queue"))
    assert "queue_waiting" in plan(rows.values("pk")[:10])


def test_stories_without_lead_are_found_among_what_left_readers():
    rows = Article.objects.filter(left_without_lead()).order_by("-state_acted_at", "-pk")
    assert "left_readers" in plan(rows[:7])


def test_stale_seals_are_found_without_reading_the_others():
    rows = Article.objects.filter(is_seal_stale=True).order_by(*ordering("all"))
    assert "seal_is_stale" in plan(rows[:50])


def test_what_awaits_admission_is_found_without_reading_all_that_is_new():
    found = plan(Article.objects.filter(AWAITS_ADMISSION).order_by("pk")[:250])
    assert "awaits_admission" in found


def test_stories_that_grew_are_found_without_reading_the_others():
    found = plan(grown()[:7])
    assert "grown_by_rank" in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize(
    ("awaits", "index"),
    [
        ("removal", "removed_upstream"),
        ("draft", "has_a_draft"),
        ("window", "published_by_going_live"),
        ("look", "grown_by_rank"),
        ("lead", "left_readers"),
        ("seal", "seal_is_stale"),
    ],
)
def test_what_needs_a_look_is_found_without_walking_through_a_shelf(
    rf: RequestFactory, admin_user: User, awaits: str, index: str
):
    request = rf.get("/", {"awaits": awaits})
    request.user = admin_user
    desk = site.get_model_admin(Article)
    odd = OddFilter(request, {"awaits": [awaits]}, Article, desk)
    rows = odd.queryset(request, Article.objects.all()).order_by(*ordering("all"))
    found = plan(rows[:50])
    assert index in found
    assert "article_by_newest" not in found
