"""How SQLite reads the hot lists: in the order of an index, without sorting what it holds.

It plans without statistics, so that a plan on an empty table is the plan on a million rows.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.admin.queue import on_shelf, ordering
from articles.models import AWAITS_ADMISSION, Article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="plans of PostgreSQL go by its rows"),
]


def plan(rows: Any) -> str:
    return str(rows.explain())


@pytest.mark.parametrize(
    ("shelf", "index"),
    [
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


def test_what_awaits_admission_is_found_without_reading_all_that_is_new():
    found = plan(Article.objects.filter(AWAITS_ADMISSION).order_by("pk")[:250])
    assert "awaits_admission" in found
