"""A live story is as young as its newest shown coverage, by at most one half-life."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.admin.rank import rank_of
from articles.desk.hiding import hide
from articles.models import Article, Claim, RelatedItem, Story
from articles.ranking import rank, story_time, time_of
from articles.states import State
from articles.stories import attach, detach, refresh
from articles.workflow import edit, transition
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story, make_user

pytestmark = pytest.mark.django_db

HALF_LIFE = 12
LIVE = timezone.now().replace(microsecond=0) - timedelta(hours=20)
PUBLIC = {"state": State.PUBLISHED, "go_live_at": LIVE, "first_published_at": LIVE, "quality": 60}


def at(hours: float) -> datetime:
    """So many hours after the lead went live."""
    return LIVE + timedelta(hours=hours)


def live(*hours: float, **changes: Any) -> list[Article]:
    """A published story whose coverage was published so many hours after its lead went live."""
    articles = make_story(PUBLIC, *({"published_at": at(hour), **changes} for hour in hours))
    refresh([articles[0].story_id])
    return articles


def age(article: Article) -> float:
    """How many hours after its lead went live its story is said to have happened."""
    story = Story.objects.get(pk=article.story_id)
    assert story.rank is not None
    return (time_of(story.rank, story.heat, HALF_LIFE) - LIVE).total_seconds() / 3600


@given(st.integers(-100, 100), st.integers(1, 48))
def test_newer_coverage_counts_and_older_does_not_and_nothing_beyond_a_half_life(
    hours: int, half_life: int
) -> None:
    found = story_time(LIVE, at(hours), half_life)
    assert found == at(min(max(hours, 0), half_life))


@given(st.integers(-1, 5_000), st.integers(-1_000_000, 1_000_000))
def test_the_time_is_read_back_from_the_rank_to_the_second(heat: int, seconds: int) -> None:
    moment = LIVE + timedelta(seconds=seconds)
    assert time_of(rank(heat, moment, HALF_LIFE), heat, HALF_LIFE) == moment


def test_a_time_at_the_end_of_all_calendars_is_a_time_like_any_other():
    last = datetime.max.replace(tzinfo=LIVE.tzinfo)
    assert story_time(last, last, HALF_LIFE) == last


def test_a_story_is_as_young_as_its_newest_coverage():
    assert age(live(-3, 2, 5)[0]) == 5


def test_older_coverage_makes_no_story_older():
    assert age(live(-3, -1)[0]) == 0


def test_a_story_that_goes_on_for_days_gains_one_half_life_and_no_more():
    assert age(live(200)[0]) == HALF_LIFE


@pytest.mark.parametrize("state", [State.SPIKED, State.CHANGES_REQUESTED, State.UNPUBLISHED])
def test_coverage_that_readers_do_not_meet_counts_for_nothing(state: str):
    assert age(live(5, state=state)[0]) == 0


def test_only_reviewed_coverage_counts_where_no_other_is_shown(settings: Any):
    settings.COVERAGE = "reviewed"
    lead, cover = live(5)
    assert age(lead) == 0
    actor, why = make_user("publisher"), "Who says so?"
    cover = transition(cover, "approve", actor, expected_version=cover.version)
    assert age(lead) == 5
    transition(cover, "request_changes", actor, expected_version=cover.version, comment=why)
    assert age(lead) == 0


def test_a_spike_of_coverage_ages_its_story_and_its_undoing_makes_it_young_again():
    lead, cover = live(5)
    actor = make_user("publisher")
    spiked = transition(cover, "spike", actor, expected_version=cover.version, reason="other")
    assert age(lead) == 0
    transition(spiked, "unspike", actor, expected_version=spiked.version)
    assert age(lead) == 5


def test_another_time_of_publication_is_another_age(publisher: User):
    lead, cover = live(5)
    edit(cover, publisher, {"published_at": at(7)}, expected_version=cover.version)
    assert age(lead) == 7


def test_a_newcomer_of_a_blocked_provider_makes_nothing_younger(publisher: User):
    lead, cover = live(5)
    blocked = make_provider(policy=Policy.BLOCKED)
    edit(cover, publisher, {"provider": blocked}, expected_version=cover.version)
    assert age(lead) == 0


def test_articles_that_join_and_leave_move_the_time_along(publisher: User):
    [lead] = live()
    late = make_article(published_at=at(6))
    attach(late, lead, publisher)
    assert age(lead) == 6
    detach(Article.objects.get(pk=late.pk), publisher)
    assert age(lead) == 0


def test_coverage_that_only_files_name_counts_until_it_is_hidden_or_blocked(publisher: User):
    [lead] = live()
    item = named_by(lead, at(4))
    assert age(lead) == 4
    make_provider(domain="tide.example", policy=Policy.BLOCKED)
    refresh([lead.story_id])
    assert age(lead) == 0
    RelatedItem.objects.update(provider_domain="other.example")
    refresh([lead.story_id])
    assert age(lead) == 4
    hide(item, make_user("managing editor"), timezone.now(), comment="wrong")
    assert age(lead) == 0


def named_by(article: Article, when: datetime) -> RelatedItem:
    named = {"identity": 77, "title_hash": 7}
    Claim.objects.create(article=article, **named)
    item = RelatedItem.objects.create(
        **named,
        title="Elsewhere",
        link="https://tide.example/a",
        provider_domain="www.Tide.example",
        published_at=when,
        printed_by=article.slug,
    )
    refresh([article.story_id])
    return item


@pytest.fixture
def publisher() -> User:
    return make_user("publisher")


def test_blocking_a_provider_ages_the_stories_it_covers_and_back():
    provider = make_provider(domain="tide.example")
    lead, _ = live(5, provider=provider)
    [other] = live()
    named_by(other, at(4))
    client = Client()
    client.force_login(make_user("superuser"))

    def set_policy(policy: str) -> None:
        sent = {"name": provider.name, "policy": policy, "description": "", "_sure": "1"}
        address = reverse("admin:providers_provider_change", args=[provider.pk])
        assert client.post(address, sent).status_code == 302

    assert (age(lead), age(other)) == (5, 4)
    set_policy("blocked")
    assert (age(lead), age(other)) == (0, 0)
    set_policy("normal")
    assert (age(lead), age(other)) == (5, 4)


def test_the_sentence_says_why_a_story_is_younger_than_its_lead():
    lead, _ = live(15)
    capped = rank_of(Article.objects.select_related("story", "provider").get(pk=lead.pk))
    lead, _ = live(5)
    grown = rank_of(Article.objects.select_related("story", "provider").get(pk=lead.pk))
    assert capped is not None
    assert grown is not None
    says = "quality 60 + 1 × 20, 8 h old (12 h less for newer coverage, the most): place 1"
    assert capped.says == says
    assert grown.says == "quality 60 + 1 × 20, 15 h old by its newest coverage: place 2"


def test_a_clock_that_runs_ahead_is_no_negative_age():
    now = timezone.now()
    lead, _ = make_story(
        PUBLIC | {"go_live_at": now - timedelta(hours=1)}, {"published_at": now + timedelta(days=9)}
    )
    refresh([lead.story_id])
    found = rank_of(Article.objects.select_related("story", "provider").get(pk=lead.pk))
    assert found is not None
    assert ", 0 min old (12 h less for newer coverage, the most): place 1" in found.says


def test_readers_are_told(client: Client):
    lead, _ = live(5)
    page = client.get(f"/news/{lead.slug}/").content.decode()
    assert "count as 5 hours younger" in page
    assert "never more than 12 hours younger" in client.get("/about/").content.decode()


def test_a_recount_from_scratch_changes_nothing_and_follows_another_half_life(settings: Any):
    live(5)
    live(-2)
    refresh([make_story({}, {})[0].story_id])
    assert recounted() == "3 stories counted, 0 stood otherwise"
    settings.HALF_LIFE_HOURS = 6
    assert recounted("-n") == "3 stories counted, 2 would stand otherwise"
    assert recounted() == "3 stories counted, 2 stood otherwise"
    assert recounted() == "3 stories counted, 0 stood otherwise"


def recounted(*options: str) -> str:
    said = StringIO()
    call_command("recount", *options, stdout=said)
    return said.getvalue().strip()


def test_many_stories_are_asked_for_as_one_is():
    def asked(stories: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            refresh(stories)
        return len(queries)

    def some(number: int) -> list[int]:
        found = [live(hour)[0] for hour in range(number)]
        for lead in found:
            Claim.objects.create(article=lead, identity=lead.pk, title_hash=1)
            RelatedItem.objects.create(
                identity=lead.pk, title_hash=1, title="x", link="https://x.example/", printed_by="x"
            )
        return [lead.story_id for lead in found]

    assert asked(some(1)) == asked(some(12))
