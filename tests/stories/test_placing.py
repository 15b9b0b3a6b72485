"""What editors say of a story's place on the front page holds for its time, and moves no row."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from articles.models import Article, ArticleTopic, Placement, Story, Transition
from articles.public import clock, directory
from articles.public.frontpage import front
from articles.ranking import in_order
from articles.stories import refresh
from articles.stories.placing import MOST, place, unplace
from articles.workflow import NotPermitted, ReasonMissing, StaleVersion, WrongState, undo
from tests.factories import make_article, make_provider, make_topic, make_user

pytestmark = pytest.mark.django_db

LIVE = timezone.now() - timedelta(hours=3)


def stories(count: int) -> list[Article]:
    """Published stories in their order on the front page: each has a little less heat."""
    found = [
        make_article(
            quality=1000 - number,
            state="published",
            go_live_at=LIVE,
            first_published_at=LIVE,
        )
        for number in range(count)
    ]
    refresh(article.story_id for article in found)
    return found


def put(article: Article, kind: str, number: int, hours: float = 1, **more: Any) -> Placement:
    version = Article.objects.get(pk=article.pk).version
    said: dict[str, Any] = {
        "expected_version": version,
        "reason": "It matters",
        "until": timezone.now() + timedelta(hours=hours),
        "number": number,
    }
    return place(article, kind, more.pop("by", None) or make_user("editor"), **(said | more))


def order(at: datetime | None = None) -> list[int]:
    """The whole front page, page by page."""
    at, cursor, found = at or timezone.now(), "", list[int]()
    while True:
        page = front(at, cursor)
        found += [lead.pk for lead in page.articles]
        if not page.after:
            return found
        cursor = page.after


def test_a_pin_holds_its_place_until_it_ends() -> None:
    found = stories(5)
    ids = [article.pk for article in found]
    pin = put(found[3], "pin", 2)
    assert order() == [ids[0], ids[3], ids[1], ids[2], ids[4]]
    assert order(pin.ends_at) == ids


def test_of_two_pins_to_one_place_the_later_stands_there() -> None:
    found = stories(4)
    ids = [article.pk for article in found]
    put(found[2], "pin", 1)
    put(found[3], "pin", 1)
    assert order() == [ids[3], ids[2], ids[0], ids[1]]


def test_a_boost_counts_as_so_much_heat_and_a_bury_as_so_little() -> None:
    now = timezone.now()
    hot, mild = stories(2)
    Story.objects.filter(pk=hot.story_id).update(rank=11.0)
    Story.objects.filter(pk=mild.story_id).update(rank=9.5)
    assert order() == [hot.pk, mild.pk]
    put(mild, "boost", 1)
    assert order() == [hot.pk, mild.pk]
    put(mild, "boost", 2)
    assert order() == [mild.pk, hot.pk]
    assert order(now + timedelta(hours=2)) == [hot.pk, mild.pk]
    Placement.objects.all().delete()
    put(hot, "bury", -2)
    assert order() == [mild.pk, hot.pk]


def test_every_story_is_on_exactly_one_page_wherever_it_was_put() -> None:
    found = stories(60)
    put(found[40], "pin", 3)
    put(found[50], "boost", 3)
    put(found[1], "bury", -6)
    put(found[10], "bury", -2)
    put(found[55], "pin", 10)
    ids = order()
    assert sorted(ids) == sorted(article.pk for article in found)
    assert (ids[2], ids[9], ids[0]) == (found[40].pk, found[55].pk, found[50].pk)
    assert ids[-1] == found[1].pk


@pytest.mark.parametrize("is_busy", [False, True])
def test_topics_and_providers_go_by_boosts_and_buries_and_by_no_pin(
    is_busy: bool, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "BUSY", 1 if is_busy else 2000)
    found = stories(30)
    topic, provider = make_topic(slug="harbours", stem="01-harbours"), make_provider()
    for article in found:
        ArticleTopic.objects.create(article=article, topic=topic, position=1)
    Article.objects.filter(pk__in=[article.pk for article in found]).update(provider=provider)
    ids = [article.pk for article in found]
    put(found[28], "boost", 3)
    put(found[0], "bury", -6)
    put(found[20], "pin", 1)
    moved = [ids[28], *ids[1:28], ids[29], ids[0]]
    assert listed(client, f"/api/v1/stories/?topic={topic.slug}") == slugs(moved)
    assert listed(client, f"/api/v1/stories/?provider={provider.domain}") == slugs(moved)
    assert slugs(moved[:25]) == headlines(client, "/topics/harbours/")
    assert order()[0] == ids[20]
    newest = headlines(client, "/topics/harbours/?order=latest")
    Placement.objects.all().delete()
    assert headlines(client, "/topics/harbours/?order=latest") == newest
    assert headlines(client, "/topics/harbours/") == slugs(ids[:25])


def slugs(ids: list[int]) -> list[str]:
    known = dict(Article.objects.values_list("pk", "slug"))
    return [known[pk] for pk in ids]


def listed(client: Client, address: str) -> list[str]:
    """The stories of all pages of the API."""
    found: list[str] = []
    while address:
        page = client.get(address).json()
        found += [story["id"] for story in page["items"]]
        address = page["next"] or ""
    return found


def headlines(client: Client, address: str) -> list[str]:
    """The addresses of the stories of a page, in its order."""
    page = client.get(address).content.decode()
    return list(dict.fromkeys(re.findall(r'href="/news/([^/"?#]+)/', page)))


def test_no_row_of_the_order_is_touched() -> None:
    found = stories(3)
    before = list(Story.objects.order_by("pk").values())
    put(found[2], "pin", 1)
    assert list(Story.objects.order_by("pk").values()) == before
    assert not Article.objects.edited().filter(state_acted_at__isnull=False).exists()


def test_the_end_of_a_boost_is_a_boundary_of_every_cache(client: Client) -> None:
    found = stories(2)
    before = clock.read(timezone.now())
    boost = put(found[1], "boost", 2, hours=0.005)
    now = clock.read(timezone.now())
    assert (now.next, now.is_placed, before.is_placed) == (boost.ends_at, True, False)
    assert now.version != before.version
    assert now.lifetime(60) <= 18
    later = clock.read(boost.ends_at)
    assert (later.passed, later.is_placed) == (boost.ends_at, False)
    assert later.version != now.version
    assert "max-age=60" not in client.get("/").headers["Cache-Control"]


def test_readers_and_programs_meet_the_same_order(client: Client) -> None:
    found = stories(3)
    put(found[2], "pin", 1)
    html = client.get("/").content.decode()
    assert html.index(found[2].title) < html.index(found[0].title)
    items = client.get("/api/v1/stories/").json()["items"]
    assert next(item["id"] for item in items) == found[2].slug


def test_placing_is_undone_exactly() -> None:
    (story,) = stories(1)
    ana = make_user("editor")
    before = list(Placement.objects.values())
    put(story, "boost", 1, by=ana)
    undo(ana)
    assert list(Placement.objects.values()) == before
    first = put(story, "boost", 1, by=ana)
    put(story, "pin", 1, by=ana)
    undo(ana)
    kept = Placement.objects.get()
    assert (kept.kind, kept.ends_at, kept.begins_at) == ("boost", first.ends_at, first.begins_at)
    unplace(story, ana, expected_version=Article.objects.get(pk=story.pk).version)
    assert not Placement.objects.exists()
    undo(ana)
    assert Placement.objects.get().kind == "boost"


def test_every_placing_is_on_record_with_its_reason() -> None:
    (story,) = stories(1)
    put(story, "boost", 2, reason="Election night")
    act = Transition.objects.get()
    assert (act.action, act.comment) == (
        "place",
        "boosted: counts as 4 times as hot: Election night",
    )


def test_a_place_needs_a_reason_an_end_and_the_right_to_rank() -> None:
    (story,) = stories(1)
    draft = make_article()
    with pytest.raises(ReasonMissing):
        put(story, "pin", 1, reason=" ")
    with pytest.raises(ValidationError):
        put(story, "pin", 1, hours=24 * 15)
    with pytest.raises(ValidationError):
        put(story, "pin", 1, hours=-1)
    with pytest.raises(ValidationError):
        put(story, "pin", 11)
    with pytest.raises(ValidationError):
        put(story, "boost", -2)
    with pytest.raises(ValidationError):
        put(story, "lift", 1)
    with pytest.raises(NotPermitted):
        put(story, "pin", 1, by=make_user("contributor"))
    with pytest.raises(StaleVersion):
        put(story, "pin", 1, expected_version=99)
    with pytest.raises(WrongState):
        put(draft, "pin", 1)
    with pytest.raises(WrongState):
        unplace(story, make_user("editor"), expected_version=1)
    assert not Placement.objects.exists()


def test_a_place_is_given_and_ended_on_the_lead_alone() -> None:
    (story,) = stories(1)
    member = make_article(story=story.story, is_lead=False)
    put(story, "pin", 1)
    with pytest.raises(WrongState, match="Another article leads"):
        unplace(member, make_user("editor"), expected_version=1)
    assert Placement.objects.get().kind == "pin"


def test_few_run_at_once() -> None:
    found = stories(MOST + 1)
    for story in found[:10]:
        put(story, "pin", 1)
    with pytest.raises(WrongState, match="pinned already"):
        put(found[10], "pin", 1)
    for story in found[10:MOST]:
        put(story, "boost", 1)
    with pytest.raises(WrongState, match="end one first"):
        put(found[MOST], "boost", 1)


def test_the_merged_order_is_the_order_of_ranks_with_pins_put_in() -> None:
    plain = [(3.0, 1, "a"), (2.0, 2, "b"), (1.0, 3, "c")]
    assert in_order(plain, [(2.0, 1, "x")], [(2, "p"), (9, "q")]) == [*"apxbc", "q"]
