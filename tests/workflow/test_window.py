"""When a published article is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from articles.states import State
from articles.workflow import WrongState
from tests.factories import make_article
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


def test_a_scheduled_article_goes_live_by_the_clock_alone(publisher):
    soon = timezone.now() + timedelta(hours=1)
    article = do(make_article(), "publish", publisher, at=soon)
    assert not Article.objects.published().exists()
    assert list(Article.objects.published(soon)) == [article]


def test_an_article_expires_by_the_clock_alone(publisher):
    end = timezone.now() + timedelta(hours=1)
    article = do(make_article(), "publish", publisher, expire_at=end)
    assert list(Article.objects.published()) == [article]
    assert not Article.objects.published(end).exists()


def test_expiry_comes_after_going_live(publisher):
    soon = timezone.now() + timedelta(hours=1)
    with pytest.raises(ValidationError) as wrong:
        do(make_article(), "publish", publisher, at=soon, expire_at=soon)
    assert list(wrong.value.message_dict) == ["expire_at"]


def test_what_was_only_scheduled_was_never_public(publisher):
    soon = timezone.now() + timedelta(hours=1)
    article = do(make_article(), "publish", publisher, at=soon)
    article = do(article, "unschedule", publisher)
    assert (article.state, article.first_published_at) == (State.APPROVED, None)
    assert article.go_live_at is None


def test_what_is_live_cannot_be_unscheduled(publisher):
    article = do(make_article(), "publish", publisher)
    with pytest.raises(WrongState, match="has gone live"):
        do(article, "unschedule", publisher)


def test_an_expired_article_is_extended_without_going_live_again(publisher):
    now = timezone.now()
    article = make_article(
        state=State.PUBLISHED,
        go_live_at=now - timedelta(days=2),
        expire_at=now - timedelta(days=1),
        first_published_at=now - timedelta(days=2),
    )
    extended = do(article, "reschedule", publisher, expire_at=now + timedelta(days=1))
    assert extended.go_live_at == article.go_live_at
    assert list(Article.objects.published()) == [article]
    endless = do(extended, "reschedule", publisher, expire_at=None)
    assert endless.expire_at is None


def test_rescheduling_to_nothing_is_refused(publisher):
    article = do(make_article(), "publish", publisher)
    with pytest.raises(WrongState, match="when"):
        do(article, "reschedule", publisher)


ZONES = (
    "America/New_York",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Casablanca",
)


def changes_of(zone: ZoneInfo) -> list[datetime]:
    """The moments of the next two years at which the zone's clocks change, in UTC."""
    start = timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=n) for n in range(24, 2 * 365 * 24)]
    return [
        after for before, after in pairwise(hours) if offset(before, zone) != offset(after, zone)
    ]


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    """What the zone's clocks are ahead of UTC at that moment."""
    return at.astimezone(zone).utcoffset() or timedelta()


@pytest.mark.parametrize("name", ZONES)
def test_a_window_opens_and_closes_at_its_moments_while_clocks_change(name, publisher):
    zone = ZoneInfo(name)
    moments = changes_of(zone)[:2]
    assert len(moments) == 2
    for change in moments:
        opens = (change - timedelta(minutes=20)).astimezone(zone)
        closes = (change + timedelta(minutes=20)).astimezone(zone)
        article = do(make_article(), "publish", publisher, at=opens, expire_at=closes)
        article.refresh_from_db()
        first, end, step = opens.astimezone(UTC), closes.astimezone(UTC), timedelta(seconds=1)
        assert (article.go_live_at, article.expire_at) == (first, end)
        for at in (first, change, end - step):
            assert article in Article.objects.published(at)
            assert article.is_published(at)
        for at in (first - step, end):
            assert article not in Article.objects.published(at)
            assert not article.is_published(at)


@pytest.mark.parametrize("name", ZONES)
def test_an_hour_that_comes_twice_is_two_moments(name, publisher):
    zone = ZoneInfo(name)
    back = next(
        change
        for change in changes_of(zone)
        if offset(change, zone) < offset(change - timedelta(hours=2), zone)
    )
    second = back.astimezone(zone)
    first = second.replace(fold=0)
    assert first.astimezone(UTC) < second.replace(fold=1).astimezone(UTC)
    article = do(make_article(), "publish", publisher, at=first)
    assert article in Article.objects.published(first.astimezone(UTC))
    later = do(make_article(), "publish", publisher, at=second.replace(fold=1))
    assert later not in Article.objects.published(first.astimezone(UTC))
    assert later in Article.objects.published(back)
