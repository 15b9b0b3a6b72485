"""Queries that are compiled once answer as if they were put together anew each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.models import Article
from articles.public import listing, sharing
from articles.public.coverage import coverage
from articles.public.entries import entries
from articles.public.leads import leads
from articles.public.listing import PAGE_SIZE, Order
from articles.public.prepared import Given, Prepared
from articles.stories import refresh
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def publish(at: datetime, **more: Any) -> Article:
    return make_article(
        state="published", go_live_at=at, first_published_at=at, published_at=at, **more
    )


def test_a_prepared_list_is_asked_for_each_time_anew():
    first, second = publish(NOON), publish(NOON + timedelta(hours=1))
    times = (NOON, NOON + timedelta(hours=1), NOON, NOON - timedelta(hours=1))
    found = [listing.latest.page(listing.published(at), "").articles for at in times]
    assert [[lead.pk for lead in page] for page in found] == [
        [first.pk],
        [second.pk, first.pk],
        [first.pk],
        [],
    ]


def test_a_prepared_query_means_its_constants_as_they_are():
    odd = "100% of %s, it's said: %(at)s"
    publish(NOON, title=odd)
    publish(NOON, title="100 of it")
    prepared = Prepared(
        lambda: Article.objects.published(Given("at")).filter(title=odd).values_list("title")
    )
    assert prepared.rows(at=NOON) == [(odd,)]


def test_entries_are_the_same_when_more_were_made_than_are_kept(monkeypatch: pytest.MonkeyPatch):
    refresh(publish(NOON + timedelta(hours=hour)).story_id for hour in range(4))
    at = NOON + timedelta(days=1)
    found = listing.latest.page(listing.published(at), "").articles
    with sharing.sharing():
        entries(found[:2], at)
        monkeypatch.setattr(sharing, "MOST", len(sharing.made() or ()))
        again = entries(found, at)
    assert [entry.article for entry in again] == found


@pytest.mark.parametrize(
    "order", [listing.top, listing.ranked, listing.latest, listing.by_publication]
)
def test_a_prepared_list_goes_on_where_any_other_does(order: Order):
    articles = [publish(NOON + timedelta(minutes=n // 2)) for n in range(2 * PAGE_SIZE + 3)]
    refresh(article.story_id for article in articles)
    at, cursor, seen = NOON + timedelta(days=1), "", []
    while True:
        page = order.page(listing.published(at), cursor)
        assert page == order.page(Article.objects.published(at), cursor)
        seen += page.articles
        cursor = page.after
        if not cursor:
            break
    assert sorted(lead.pk for lead in seen) == [article.pk for article in articles]


def test_prepared_coverage_follows_the_setting(settings: Any):
    lead = publish(NOON)
    make_article(story=lead.story, is_lead=False, state="new")
    make_article(story=lead.story, is_lead=False, state="approved")
    found = leads(Article.objects.published(NOON))
    counts = []
    for setting in ("imported", "reviewed", "imported"):
        settings.COVERAGE = setting
        counts.append(coverage(found, NOON, None)[lead.story_id].total)
    assert counts == [2, 1, 2]
