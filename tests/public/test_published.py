"""The two words for public, against one table of cases and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from articles.models import Article
from articles.states import State
from tests.factories import make_article, make_provider, make_story

from .conftest import LIVE, PUBLISHED

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
EXPIRING: dict[str, Any] = PUBLISHED | {"expire_at": LIVE + timedelta(hours=1)}
CASES: list[tuple[dict[str, Any], datetime, bool]] = [
    *(({"state": state}, LIVE, False) for state in State if state != State.PUBLISHED),
    *(
        ({"state": state, "go_live_at": LIVE, "first_published_at": LIVE}, LIVE, False)
        for state in State
        if state != State.PUBLISHED
    ),
    (PUBLISHED, LIVE - SECOND, False),
    (PUBLISHED, LIVE, True),
    (PUBLISHED, LIVE + timedelta(days=9999), True),
    (EXPIRING, LIVE + timedelta(hours=1) - SECOND, True),
    (EXPIRING, LIVE + timedelta(hours=1), False),
]


@pytest.mark.parametrize(("changes", "at", "is_public"), CASES)
@pytest.mark.parametrize("policy", ["normal", "trusted", "held", "blocked"])
def test_an_article_in_hand_and_the_query_agree_on_what_is_published(
    changes: dict[str, Any], at: datetime, is_public: bool, policy: str
):
    article = make_article(provider=make_provider(policy=policy), **changes)

    expected = is_public and policy != "blocked"

    assert article.is_published(at) is expected
    assert Article.objects.published(at).filter(pk=article.pk).exists() is expected


def test_every_published_article_is_shown():
    lead = make_article(**PUBLISHED)

    assert list(Article.objects.shown(LIVE)) == [lead]


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_coverage_is_shown_only_in_the_states_that_wait_for_a_decision(state: State):
    _, member = make_story(PUBLISHED, {"state": state})

    is_shown = Article.objects.shown(LIVE).filter(pk=member.pk).exists()

    assert is_shown is (state in (State.NEW, State.IN_REVIEW, State.APPROVED))


def test_a_desk_that_reviews_coverage_shows_only_what_it_approved(settings: Any):
    settings.COVERAGE = "reviewed"
    _, approved, _ = make_story(PUBLISHED, {"state": State.APPROVED}, {"state": State.NEW})

    shown = Article.objects.shown(LIVE).filter(is_lead=False)

    assert list(shown) == [approved]


@pytest.mark.parametrize(
    "lead",
    [
        {"state": State.NEW},
        {"state": State.UNPUBLISHED},
        {"state": State.WITHDRAWN},
        PUBLISHED | {"go_live_at": LIVE + SECOND},
        PUBLISHED | {"expire_at": LIVE + SECOND, "go_live_at": LIVE - timedelta(days=1)},
    ],
)
def test_coverage_goes_with_its_lead(lead: dict[str, Any]):
    _, member = make_story(lead, {"state": State.APPROVED})
    at = LIVE + SECOND if "expire_at" in lead else LIVE

    assert not Article.objects.shown(at).filter(pk=member.pk).exists()


def test_coverage_of_a_blocked_provider_is_not_shown():
    _, member = make_story(PUBLISHED, {"provider": make_provider(policy="blocked")})

    assert not Article.objects.shown(LIVE).filter(pk=member.pk).exists()


@pytest.mark.parametrize("coverage", ["imported", "reviewed"])
def test_the_coverage_of_some_stories_is_what_all_coverage_has_of_them(
    settings: Any, coverage: str
):
    settings.COVERAGE = coverage
    blocked = make_provider(policy="blocked")
    members = [*({"state": state} for state in State if state != State.PUBLISHED)]
    leads = [PUBLISHED, PUBLISHED | {"provider": blocked}, EXPIRING, {"state": State.WITHDRAWN}]
    stories = [make_story(lead, *members, {"provider": blocked})[0].story_id for lead in leads]
    for at in (LIVE - SECOND, LIVE, LIVE + timedelta(days=1)):
        every = Article.objects.coverage(at)
        for some in (stories, stories[:1], stories[1:], []):
            found = Article.objects.coverage_of(some, at)
            assert set(found) == set(every.filter(story__in=some))
    assert Article.objects.coverage_of(stories, LIVE).exists()
