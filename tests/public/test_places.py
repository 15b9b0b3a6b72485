"""Each place of a topic says whether its article is published, whoever made it so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, ArticleTopic, placed
from articles.public import directory, listing
from articles.states import State
from tests.factories import make_article, make_provider, make_topic

from .conftest import LIVE, publish, publish_story

pytestmark = pytest.mark.django_db


def are_right() -> bool:
    rows = ArticleTopic.objects.values_list("is_published", "article__state")
    return all(is_published == (state == State.PUBLISHED) for is_published, state in rows)


def put(article: Article, slug: str) -> None:
    topic = make_topic(slug=slug)
    ArticleTopic.objects.bulk_create([ArticleTopic(article=article, topic=topic, position=0)])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*State, "topic", "all"]), max_size=8))
def test_a_place_follows_the_state_of_its_article(steps: list[str]):
    article = make_article(topics=[make_topic()], go_live_at=LIVE)
    other = publish(topics=[make_topic()])
    for number, step in enumerate(steps):
        if step == "topic":
            put(article, f"topic-{article.pk}-{number}")
        elif step == "all":
            Article.objects.filter(pk__in=[article.pk, other.pk]).update(state=State.PUBLISHED)
        else:
            Article.objects.filter(pk=article.pk).update(state=step)
        assert are_right()


def test_places_that_nobody_kept_are_made_right_when_they_are_kept_again():
    publish(topics=[make_topic()])
    gone = publish(topics=[make_topic()])
    placed.remove("default")
    put(publish(), "later")
    Article.objects.filter(pk=gone.pk).update(state=State.UNPUBLISHED)
    assert not are_right()

    placed.install("default")

    assert are_right()


def test_a_topic_of_expired_and_scheduled_stories_alone_is_known_to_nobody(client: Client):
    topic = make_topic(slug="harbour")
    now = timezone.now()
    publish(topics=[topic], expire_at=now - timedelta(minutes=1))
    publish(topics=[topic], go_live_at=now + timedelta(hours=1))
    assert client.get("/topics/harbour/").status_code == 404
    publish(topics=[topic])
    assert client.get("/topics/harbour/").status_code == 200


def test_what_a_provider_leads_and_joins_stands_in_one_order_from_page_to_page():
    provider = make_provider(domain="tide.example")
    expected = []
    for number in range(listing.PAGE_SIZE):
        led, joined = (LIVE - timedelta(hours=number, minutes=minutes) for minutes in (0, 30))
        # Two of one time stand by their file's name, whichever kind they are.
        joined = led if number == 2 else joined
        publish(title=f"Led {number}", provider=provider, published_at=led, slug=f"b-{number:02}")
        own = {"title": f"Joined {number}", "provider": provider, "published_at": joined}
        publish_story({"published_at": led}, own | {"slug": f"c-{number:02}"})
        expected += [f"Led {number}", f"Joined {number}"]

    at, cursor, found = timezone.now(), "", []
    while True:
        reports = directory.reports_of(provider, at)
        articles, cursor = listing.by_publication.page(reports, cursor)
        found += [article.title for article in articles]
        if not cursor:
            break

    assert found == expected
