"""The front page is remembered whenever it changed, at most once a minute, and compared."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, FrontSnapshot
from articles.public.frontpage import front
from articles.snapshots import at_moment, order, remember
from articles.stories import merge, refresh
from articles.stories.moves import moves
from articles.stories.placing import place
from articles.workflow import transition
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIVE = timezone.now() - timedelta(hours=3)
A_MINUTE = timedelta(minutes=1)


def published(count: int) -> list[Article]:
    found = [
        make_article(
            quality=1000 - number,
            title=f"Story {number}",
            state="published",
            go_live_at=LIVE,
            first_published_at=LIVE,
        )
        for number in range(count)
    ]
    refresh(article.story_id for article in found)
    return found


def boost(article: Article, shift: int = 3) -> None:
    place(
        article,
        "boost",
        make_user("editor", first_name="Ana"),
        expected_version=Article.objects.get(pk=article.pk).version,
        reason="It matters",
        until=timezone.now() + timedelta(hours=1),
        number=shift,
    )


def remembered(at: datetime) -> FrontSnapshot:
    assert remember(at)
    return FrontSnapshot.objects.latest("id")


def test_it_is_remembered_when_it_changed_and_at_most_once_a_minute() -> None:
    now = timezone.now()
    found = published(3)
    assert remember(now)
    assert not remember(now + A_MINUTE)
    boost(found[2])
    assert not remember(now + A_MINUTE / 2)
    assert remember(now + A_MINUTE)
    assert FrontSnapshot.objects.count() == 2


def test_a_snapshot_is_the_order_that_readers_meet() -> None:
    found = published(30)
    boost(found[20])
    place(
        found[9],
        "pin",
        make_user("editor"),
        expected_version=1,
        reason="It matters",
        until=timezone.now() + timedelta(hours=1),
        number=2,
    )
    now = timezone.now()
    first = front(now)
    ids = [lead.pk for lead in (*first.articles, *front(now, first.after).articles)]
    assert [row[1] for row in order(now)] == ids


@pytest.mark.django_db(transaction=True)
def test_every_act_that_changes_the_order_is_remembered_once_it_is_in_force() -> None:
    article = make_article()
    transition(article, "publish", make_user("publisher"), expected_version=1)
    assert [row[1] for row in FrontSnapshot.objects.get().order] == [article.pk]


def test_old_moments_are_forgotten() -> None:
    FrontSnapshot.objects.create(at=timezone.now() - timedelta(days=90) - A_MINUTE, order=[])
    published(1)
    remember(timezone.now())
    assert FrontSnapshot.objects.count() == 1


def test_two_moments_are_compared_with_the_act_behind_each_move() -> None:
    now = timezone.now()
    found = published(4)
    a = remembered(now - 2 * A_MINUTE)
    boost(found[3])
    publisher = make_user("publisher", first_name="Bo")
    leaving = Article.objects.get(pk=found[0].pk)
    transition(leaving, "unpublish", publisher, expected_version=1, comment="wrong")
    b = remembered(now + A_MINUTE)
    told = {move.lead: (move.before, move.after, move.reasons) for move in moves(a, b)}
    assert told == {
        found[3].pk: (4, 1, ["placed by Ana: boosted: counts as 8 times as hot: It matters"]),
        found[1].pk: (2, 2, []),
        found[2].pk: (3, 3, []),
        found[0].pk: (1, None, ["unpublished by Bo: wrong"]),
    }


def test_what_nobody_moved_says_who_else_did() -> None:
    now = timezone.now()
    found = published(3)
    a = remembered(now - 2 * A_MINUTE)
    boost(found[2])
    b = remembered(now + A_MINUTE)
    reasons = {move.lead: move.reasons for move in moves(a, b)}
    assert reasons[found[0].pk] == ["others came above it"]
    c = remembered(now + timedelta(hours=2))
    assert next(m for m in moves(b, c) if m.lead == found[2].pk).reasons == ["its boost ended"]


def test_a_merge_is_the_act_behind_the_story_that_left() -> None:
    now = timezone.now()
    one, two = published(2)
    a = remembered(now - 2 * A_MINUTE)
    merge(one, [two], make_user("publisher"), seen={})
    b = remembered(now + A_MINUTE)
    left = next(move for move in moves(a, b) if move.after is None)
    assert left.reasons[0].startswith("merged by ")


def test_the_page_names_only_what_is_public_now(client: Client) -> None:
    client.force_login(make_user("auditor"))
    now = timezone.now()
    found = published(2)
    remembered(now - 2 * A_MINUTE)
    leaving = Article.objects.get(pk=found[0].pk)
    publisher = make_user("publisher")
    transition(leaving, "unpublish", publisher, expected_version=1, comment="Libel about Carl")
    remembered(now)
    html = client.get(reverse("admin:articles_story_front")).content.decode()
    assert "Story 1" in html
    assert "Story 0" not in html
    assert "Libel" not in html
    assert "a story that is not public now" in html


def test_a_moment_before_anything_was_remembered_says_so(client: Client) -> None:
    client.force_login(make_user("auditor"))
    page = reverse("admin:articles_story_front")
    assert b"Nothing is remembered of that time yet" in client.get(page).content
    published(1)
    remember(timezone.now())
    for asked in ("?a=never&b=0", "?a=0001-01-01T00:00&b=9999-12-31T23:59:59", "?b=2020-01-01"):
        assert client.get(f"{page}{asked}").status_code == 200
    assert at_moment(timezone.now()) is not None


def test_the_queries_do_not_grow_with_the_front_page(client: Client) -> None:
    client.force_login(make_user("auditor"))
    page, now, counts = reverse("admin:articles_story_front"), timezone.now(), []
    for number in (1, 40):
        published(number)
        remember(now + number * A_MINUTE)
        with CaptureQueriesContext(connection) as captured:
            client.get(page, {"b": str(now + timedelta(hours=1))})
        counts.append(len(captured))
    assert counts[0] == counts[1]
