"""How SQLite reads the hot lists: in the order of an index, without sorting what it holds.

It plans without statistics, so that a plan on an empty table is the plan on a million rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import snapshots
from articles.admin import filters
from articles.admin.filters import OddFilter
from articles.admin.queue import left_without_lead, on_shelf, ordering
from articles.exchange.importing import put_aside
from articles.models import AWAITS_ADMISSION, Article, Falling, FileName
from articles.public import directory
from articles.search import find, parse
from articles.stories.counts import related_items
from articles.stories.looked import grown
from tests.factories import make_article, make_provider, make_topic

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
        ("off", "taken_off"),
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


def plan_of(ask: Callable[[], object]) -> str:
    """The plans of the queries that a call makes."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    plans = ""
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += f"{cursor.fetchall()}\n"
    return plans


def test_stories_that_a_provider_leads_are_counted_without_its_other_articles():
    of = {"provider": make_provider().pk, "at": timezone.now()}
    found = plan_of(lambda: directory._LED.rows(**of))
    assert "published_by_provider" in found
    assert "TEMP B-TREE" not in found


def test_a_search_walks_its_index_from_the_newest_on_and_sorts_nothing():
    found = plan_of(lambda: find(Article.objects.published(), parse("harbour bridge").terms))
    assert "SCAN articles_search" in found
    assert "SEARCH articles_article USING INTEGER PRIMARY KEY" in found
    assert "TEMP B-TREE" not in found


def test_what_waited_too_long_is_found_in_the_queue():
    found = plan_of(lambda: put_aside(timezone.now()))
    assert "queue_waiting" in found
    assert "SCAN articles_article USING INDEX one_lead_a_story" not in found
    assert "SCAN U0" not in found


def test_how_the_front_page_stands_is_read_off_its_order():
    assert "COVERING INDEX story_by_rank" in plan_of(lambda: snapshots.order(timezone.now()))


def test_related_items_are_looked_for_among_what_the_articles_claim_and_not_the_other_way_round():
    article = make_article()
    found = plan_of(lambda: related_items([article.pk]))
    assert "articles_claim_article_id" in found
    assert "claim_by_identity" not in found


def listed(rf: RequestFactory, person: User, **asked: str) -> str:
    """The plan of a page of the list."""
    request = rf.get("/", asked)
    request.user = person
    rows = site.get_model_admin(Article).get_changelist_instance(request).queryset
    return plan(rows.values("pk")[:51])


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "new"},
        {"topic": "tides"},
        {"topic": "-"},
        {"provider": "tide.example"},
        {"provider": "tide"},
        {"from": "2026-01-01", "until": "2026-01-01"},
        {"claim": "mine"},
        {"run": "3"},
        {"awaits": "removal"},
        {"awaits": "duplicate"},
        {"q": "harbour"},
        {"q": "tide.example"},
        {"q": "https://tide.example/once"},
    ],
)
def test_what_narrows_the_queue_is_asked_of_the_articles_in_it(
    rf: RequestFactory, admin_user: User, asked: dict[str, str]
):
    make_provider(domain="tide.example")
    found = listed(rf, admin_user, shelf="queue", **asked)
    assert found.count(" U0 USING") + found.count(" V0 USING") > 0
    assert "SEARCH articles_article USING INTEGER PRIMARY KEY" in found
    assert "article_by_newest" not in found


@pytest.mark.parametrize(
    ("asked", "index"),
    [({"run": "3"}, "article_by_run"), ({"provider": "tide.example"}, "article_by_provider")],
)
def test_a_filter_with_an_index_of_its_own_is_read_in_the_order_of_the_list(
    rf: RequestFactory, admin_user: User, asked: dict[str, str], index: str
):
    make_provider(domain="tide.example")
    found = listed(rf, admin_user, shelf="all", **asked)
    assert index in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize("shelf", ["all", "backlog", "live", "off"])
@pytest.mark.parametrize("asked", [{"topic": "tides"}, {"provider": "tide"}])
def test_what_is_common_is_met_on_a_walk_through_the_shelf(
    rf: RequestFactory,
    admin_user: User,
    monkeypatch: pytest.MonkeyPatch,
    shelf: str,
    asked: dict[str, str],
):
    monkeypatch.setattr(filters, "COMMON", 0)
    topic = make_topic(slug="tides")
    make_article(provider=make_provider(domain="tide.example"), topics=[topic])
    assert "TEMP B-TREE" not in listed(rf, admin_user, shelf=shelf, **asked)


def test_a_count_of_the_queue_ends_with_the_queue():
    rows = on_shelf(Article.objects.all(), "queue").order_by(*ordering("queue"))
    assert "queue_waiting" in plan(rows.values("pk")[:10])


def test_stories_without_lead_are_found_among_what_left_readers():
    rows = Article.objects.filter(left_without_lead()).order_by(Falling("state_acted_at"), "-pk")
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


def test_what_readers_may_know_of_a_topic_is_asked_of_published_articles_alone():
    found = plan(directory.readable_topics(timezone.now()))
    assert "published_by_topic" in found


def test_items_for_programs_are_read_in_the_order_of_their_files():
    rows = Article.objects.published(timezone.now()).filter(published_at__isnull=False)
    found = plan(rows.order_by(Falling("published_at"), FileName())[:26])
    assert "published_by_publication" in found
    assert "TEMP B-TREE" not in found
