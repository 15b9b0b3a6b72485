"""When a published article is public."""

from __future__ import annotations

from datetime import timedelta

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
