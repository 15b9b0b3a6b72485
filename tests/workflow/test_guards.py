"""What stands between an article and its readers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import State
from articles.workflow import (
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    failures,
    foresee,
    transition,
)
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story, make_topic, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db

LINK = "https://harbour.example/rain"


def fields(article):
    return [failure.field for failure in failures(article, timezone.now())]


def test_a_whole_article_passes():
    assert fields(make_article()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"web_url": "ftp://harbour.example/rain"}, "web_url"),
        ({"web_url": "/rain"}, "web_url"),
        ({"web_url": None, "original_url": "javascript:alert(1)"}, "original_url"),
        ({"published_at": None}, "published_at"),
        ({"published_at": timezone.now() + timedelta(days=2)}, "published_at"),
        ({"excerpt": "Read <a href='/x'>this</a>"}, "excerpt"),
        ({"topics": []}, "topics"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_its_field(changes, field):
    assert fields(make_article(**changes)) == [field]


@pytest.mark.parametrize("excerpt", [None, "", "a < b and b > c", "I <3 ferries"])
def test_plain_text_is_no_markup(excerpt):
    assert fields(make_article(excerpt=excerpt)) == []


def test_a_publishers_clock_may_be_a_little_ahead():
    assert fields(make_article(published_at=timezone.now() + timedelta(minutes=9))) == []


def test_a_scheduled_article_may_be_published_later_too():
    tomorrow = timezone.now() + timedelta(days=1)
    assert failures(make_article(published_at=tomorrow), tomorrow) == []


@pytest.mark.parametrize("policy", [Policy.HELD, Policy.BLOCKED])
def test_a_provider_that_is_held_or_blocked_stops_its_articles(policy):
    found = failures(make_article(provider=make_provider(policy=policy)), timezone.now())
    assert [failure.field for failure in found] == ["provider"]
    assert found[0].is_editorial == (policy == Policy.HELD)


def test_a_providers_limit_on_excerpts_is_kept():
    provider = make_provider(excerpt_limit=5)
    assert fields(make_article(provider=provider, excerpt="12345")) == []
    assert fields(make_article(provider=provider, excerpt="123456")) == ["excerpt"]


def test_the_number_of_topics_is_a_setting(settings):
    settings.MIN_TOPICS = 2
    assert fields(make_article()) == ["topics"]
    assert fields(make_article(topics=[make_topic(), make_topic()])) == []
    settings.MIN_TOPICS = 0
    assert fields(make_article(topics=[])) == []


def test_coverage_says_that_another_article_leads():
    _, coverage = make_story({}, {})
    assert fields(coverage) == ["is_lead"]


def test_coverage_is_approved_and_not_published():
    lead, coverage = make_story({}, {})
    editor = make_user("publisher")
    assert foresee([lead, coverage], "approve", editor).refused == {}
    assert foresee([coverage], "publish", editor).done == 0
    approved = transition(coverage, "approve", editor, expected_version=coverage.version)
    assert approved.state == State.APPROVED
    with pytest.raises(GuardsFailed):
        transition(approved, "publish", editor, expected_version=approved.version)


def test_one_link_is_live_once():
    now = timezone.now()
    make_article(web_url=LINK, state=State.PUBLISHED, go_live_at=now)
    assert fields(make_article(web_url=LINK)) == ["web_url"]
    assert fields(make_article(web_url=f"{LINK}-again")) == []


def test_a_link_that_is_not_live_any_more_is_free():
    now = timezone.now()
    make_article(web_url=LINK, state=State.UNPUBLISHED)
    make_article(
        web_url=LINK,
        state=State.PUBLISHED,
        go_live_at=now - timedelta(days=2),
        expire_at=now - timedelta(days=1),
    )
    assert fields(make_article(web_url=LINK)) == []


def test_an_article_is_not_in_its_own_way():
    now = timezone.now()
    assert fields(make_article(web_url=LINK, state=State.PUBLISHED, go_live_at=now)) == []


def test_every_failure_is_named_at_once(publisher):
    article = make_article(topics=[], excerpt="<b>Rain</b>", published_at=None)
    with pytest.raises(GuardsFailed) as failed:
        do(article, "publish", publisher)
    fields = [failure.field for failure in failed.value.failures]
    assert fields == ["published_at", "topics", "excerpt"]
    assert not Article.objects.published().exists()


def test_an_editorial_guard_is_overridden_with_a_reason_and_audited(manager):
    article = make_article(topics=[])
    with pytest.raises(ReasonMissing):
        do(article, "publish", manager, override=True)
    do(article, "publish", manager, override=True, comment="breaking")
    changes = Transition.objects.get().changes or {}
    assert changes["guards"] == [["It needs at least one topic."], "overridden"]


def test_overriding_needs_its_permission(publisher):
    with pytest.raises(NotPermitted, match="override"):
        do(make_article(topics=[]), "publish", publisher, override=True, comment="breaking")


def test_a_blocked_provider_is_overridden_by_nobody(superuser):
    article = make_article(provider=make_provider(policy=Policy.BLOCKED))
    with pytest.raises(GuardsFailed):
        do(article, "publish", superuser, override=True, comment="please")


def test_coverage_is_never_published(publisher):
    _, coverage = make_story({}, {})
    with pytest.raises(GuardsFailed, match="Another article leads"):
        do(coverage, "publish", publisher)
