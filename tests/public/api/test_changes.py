"""What programs are told of changes: everything that readers could notice, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.models import Article, ArticleTopic, Change, RelatedItem, Run, Story
from articles.public import changes
from articles.stories import refresh
from articles.workflow import transition
from providers.models import Provider
from tests.factories import make_article, make_provider, make_topic, make_user

from ..conftest import publish, publish_story, relate

pytestmark = pytest.mark.django_db

HOME = "http://127.0.0.1:8000"


def settle() -> None:
    """What a commit does: PostgreSQL numbers changes as the last thing of a transaction."""
    connection.check_constraints()


def told(cursor: changes.Cursor, at: datetime | None = None) -> list[tuple[str, str]]:
    settle()
    found = changes.since(cursor, at or timezone.now())
    return [(event.kind, event.slug) for event in found.events]


def here() -> changes.Cursor:
    settle()
    return changes.now(timezone.now())


def update(model: Any, **values: Any) -> Callable[[Article], object]:
    return lambda _: model.objects.update(**values)


def hide_related(lead: Article) -> None:
    RelatedItem.objects.update(hidden_at=timezone.now())


def spike_coverage(lead: Article) -> None:
    Article.objects.filter(story=lead.story_id, is_lead=False).update(state="spiked")


def grow(lead: Article) -> None:
    make_article(story=lead.story, is_lead=False)
    refresh([lead.story_id])


def put_topic(lead: Article) -> None:
    ArticleTopic.objects.create(article=lead, topic=make_topic(), position=5)


def block_related(_lead: Article) -> None:
    make_provider(domain="open.example", policy="blocked")


def exchange(_lead: Article) -> None:
    """Take the member away, and leave the counts as they are."""
    Article.objects.filter(is_lead=False).update(story=make_article().story)


def swap(lead: Article) -> None:
    other = Article.objects.get(story=lead.story_id, is_lead=False)
    window = {"go_live_at": lead.go_live_at, "first_published_at": lead.go_live_at}
    Article.objects.filter(pk=lead.pk).update(is_lead=False, state="approved", go_live_at=None)
    Article.objects.filter(pk=other.pk).update(is_lead=True, state="published", **window)


@pytest.mark.parametrize(
    "change",
    [
        update(Article, title="Another"),
        update(Article, web_url="https://other.example/"),
        update(Provider, name="Another"),
        hide_related,
        spike_coverage,
        grow,
        put_topic,
        lambda lead: lead.topics.update(name="Another"),
        lambda lead: ArticleTopic.objects.filter(article=lead).delete(),
        lambda lead: ArticleTopic.objects.filter(article=lead).update(position=7),
        block_related,
        exchange,
        lambda lead: Story.objects.filter(pk=lead.story_id).update(heat=999),
    ],
)
def test_what_readers_could_notice_is_told(change: Callable[[Article], object]):
    lead, _ = publish_story({"slug": "story"}, {})
    relate(lead, title="Related")
    cursor = here()

    change(lead)

    assert told(cursor) == [("changed", "story")]
    assert told(here()) == []


def test_another_lead_is_a_change_and_a_new_story_is_not():
    lead, _ = publish_story({"slug": "story"}, {})
    settle()
    cursor = here()

    swap(lead)
    settle()

    assert [slug for _, slug in told(cursor)] == ["story"]


@pytest.mark.parametrize(
    "leave",
    [
        lambda lead: Article.objects.filter(pk=lead.pk).update(state="unpublished"),
        lambda lead: Article.objects.filter(pk=lead.pk).update(state="withdrawn"),
        lambda lead: Provider.objects.filter(pk=lead.provider_id).update(policy="blocked"),
        lambda lead: Article.objects.filter(pk=lead.pk).update(expire_at=timezone.now()),
        lambda lead: lead.delete(),
    ],
)
def test_what_leaves_is_told_and_comes_back_as_added(leave: Callable[[Article], object]):
    lead = publish(slug="story")
    cursor = here()

    leave(Article.objects.get(pk=lead.pk))

    assert told(cursor) == [("gone", "story")]


def test_a_story_is_added_once_it_is_public():
    cursor = here()
    publish(slug="story")
    assert told(cursor) == [("added", "story")]

    later = here()
    Article.objects.update(state="unpublished")
    left = here()
    Article.objects.update(state="published")

    assert told(left) == [("added", "story")]
    assert [slug for _, slug in told(later)] == ["story"]


def test_the_clock_is_told_in_its_time():
    now = timezone.now()
    cursor = here()
    live, end = now + timedelta(hours=1), now + timedelta(hours=2)
    publish(slug="soon", go_live_at=live, first_published_at=live, expire_at=end)
    settle()

    first = changes.since(cursor, now)
    second = changes.since(first.after, now + timedelta(minutes=90))
    third = changes.since(second.after, now + timedelta(minutes=150))

    assert first.events == []
    assert [(e.kind, e.slug) for e in second.events] == [("added", "soon")]
    assert [(e.kind, e.slug) for e in third.events] == [("gone", "soon")]


def test_nothing_is_told_of_what_never_was_public():
    cursor = here()
    article = make_article(slug="secret")
    Article.objects.filter(pk=article.pk).update(title="Changed")
    soon = timezone.now() + timedelta(hours=1)
    scheduled = publish(slug="scheduled", go_live_at=soon, first_published_at=soon)
    Article.objects.filter(pk=scheduled.pk).update(
        state="approved", go_live_at=None, first_published_at=None
    )
    refresh([scheduled.story_id])
    article.delete()

    assert told(cursor) == []
    assert not Change.objects.filter(story=article.story_id).exists()


def test_an_import_of_what_is_not_public_leaves_no_row():
    for _ in range(5):
        make_article()
        refresh(Story.objects.values_list("pk", flat=True))

    assert Change.objects.count() == 0


def test_many_changes_are_told_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes, "PAGE", 3)
    address = client.get("/api/v1/changes/").json()["next"]
    slugs = {publish().slug for _ in range(10)}
    settle()
    found, is_more = [], True
    while is_more:
        page = client.get(address.removeprefix(HOME)).json()
        found += page["items"]
        address, is_more = page["next"], page["is_more"]

    assert len(found) == 10
    assert {item["id"] for item in found} == slugs
    assert {item["kind"] for item in found} == {"added"}
    assert client.get(address.removeprefix(HOME)).json()["items"] == []


def test_a_time_tells_all_that_came_after_it(client: Client):
    before = timezone.now() - timedelta(hours=1)
    publish(slug="story")
    settle()

    page = client.get(f"/api/v1/changes/?since={before:%Y-%m-%dT%H:%M:%SZ}").json()

    assert [item["id"] for item in page["items"]] == ["story"]
    assert page["items"][0].keys() == {"kind", "id", "page", "self", "at"}


def test_whoever_was_away_too_long_is_told_so(client: Client):
    assert client.get("/api/v1/changes/?since=2001-01-01").status_code == 410
    assert client.get("/api/v1/changes/?since=1-1-1").status_code == 410
    for bad in ("soon", "9-9", "٣-1-1"):
        assert client.get(f"/api/v1/changes/?since={bad}").status_code == 400, bad


def test_old_changes_are_forgotten():
    publish()
    settle()
    Change.objects.update(at=timezone.now() - timedelta(days=91))

    Run.objects.create(kind="import", started_at=timezone.now())

    assert Change.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_acts_of_people_are_told_when_they_are_committed():
    cursor = changes.now(timezone.now())
    article, actor = make_article(slug="story"), make_user("superuser")
    # Emptying the database after an earlier test may have told of what left with it.
    told_before = Change.objects.count()

    with transaction.atomic():
        transition(article, "publish", actor, expected_version=article.version)

    found = changes.since(cursor, timezone.now())
    assert [(e.kind, e.slug) for e in found.events] == [("added", "story")]
    Article.objects.update(state_acted_at=timezone.now())
    Provider.objects.update(excerpt_limit=9)
    assert Change.objects.filter(number__lt=1).count() == 0
    assert Change.objects.count() == told_before + 1
