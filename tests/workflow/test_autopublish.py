"""The newsroom publishes by itself only what its policy says, on record, and takes it back."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.desk import autopublish
from articles.models import Article, Transition
from articles.states import State
from articles.stories import refresh
from articles.workflow import transition, undo
from providers.models import Policy, Provider
from tests.factories import A_DAY, make_article, make_provider, make_story, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> None:
    settings.AUTO_PUBLISH = True


@pytest.fixture
def trusted() -> Provider:
    return make_provider(policy=Policy.TRUSTED)


def arrived(provider: Provider, quality: int = 70, **changes: Any) -> Article:
    """A lead that came in an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    changes = {"published_at": at, "arrived_at": at, "excerpt": None} | changes
    article = make_article(provider=provider, quality=quality, **changes)
    refresh([article.story_id])
    return article


def published() -> set[str]:
    return {article.title for article in autopublish.act(timezone.now())}


def test_a_lead_above_the_bar_is_published_on_record_as_the_newsroom(trusted: Provider):
    article = arrived(trusted, title="Orsk dam cracks")
    assert published() == {"Orsk dam cracks"}
    article.refresh_from_db()
    assert (article.state, article.is_published()) == (State.PUBLISHED, True)
    act = article.transitions.get(action="publish")
    assert (act.actor, act.run, act.from_state) == (None, None, "new")
    assert act.comment == "By policy: quality 70, alone (70)."
    assert article.touched_at == act.at


def test_coverage_lowers_the_bar(trusted: Provider):
    at = timezone.now() - timedelta(hours=1)
    text = {"provider": trusted, "published_at": at, "arrived_at": at}
    lead, _ = make_story({"quality": 50, "title": "Choir", **text}, {"quality": 10, **text})
    refresh([lead.story_id])
    arrived(trusted, 69, title="Roof")
    assert published() == {"Choir"}
    assert Transition.objects.get(action="publish").comment == (
        "By policy: quality 50 with 1 other (50)."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"quality": 69},
        {"topics": []},
        {"excerpt": "<b>bold</b>"},
        {"published_at": None},
        {"published_at": A_DAY},
        {"is_backlog": True},
        {"touched_at": A_DAY},
        {"state": State.IN_REVIEW},
        {"state": State.SPIKED},
        {"state": State.UNPUBLISHED},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_everything_else_waits_for_a_person(trusted: Provider, changes: dict[str, Any]):
    arrived(trusted, **changes)
    assert published() == set()


@pytest.mark.parametrize("policy", [Policy.NORMAL, Policy.HELD, Policy.BLOCKED])
def test_only_trusted_providers_are_published(policy: Policy):
    arrived(make_provider(policy=policy))
    assert published() == set()


def test_it_is_off_by_default_and_with_four_eyes(trusted: Provider, settings: Any):
    arrived(trusted)
    settings.FOUR_EYES = True
    assert published() == set()
    settings.FOUR_EYES, settings.AUTO_PUBLISH = False, False
    assert published() == set()


def test_another_report_of_a_story_that_is_here_is_left_to_people(trusted: Provider):
    first = arrived(trusted, 10, title="Ferry strikes pier at Calder Reach")
    arrived(make_provider(policy=Policy.TRUSTED), title="Ferry hits the pier at Calder Reach")
    assert published() == set()
    (verdict,) = autopublish.rehearse(30, timezone.now())
    assert verdict.left_to_people == (f"Likely the same story: {first.title}.",)


def test_what_was_spiked_does_not_come_back_by_policy(trusted: Provider):
    old = arrived(trusted, 10, web_url="https://tide.example/a")
    transition(old, "spike", make_user("editor"), expected_version=1)
    arrived(trusted, web_url="https://m.tide.example/a?utm_source=x", title="Tide")
    assert published() == set()


def test_whoever_may_publish_takes_it_back_for_a_day_and_it_stays_back(trusted: Provider):
    article = arrived(trusted)
    autopublish.act(timezone.now())
    act = article.transitions.get(action="publish")
    assert undo(make_user("editor"), act=act).done == []
    assert [one.pk for one in undo(make_user("publisher"), act=act).done] == [article.pk]
    article.refresh_from_db()
    assert (article.state, article.touched_at) == (State.NEW, None)
    assert published() == set()


def test_after_a_day_it_is_no_longer_undone_but_unpublished(trusted: Provider):
    article = arrived(trusted)
    autopublish.act(timezone.now())
    act = article.transitions.get(action="publish")
    Transition.objects.filter(pk=act.pk).update(at=act.at - timedelta(hours=25))
    act.refresh_from_db()
    ((_, why),) = undo(make_user("publisher"), act=act).refused
    assert why == "It was done more than 24 hours ago."


def test_a_rehearsal_changes_nothing_and_tells_what_became_of_them(
    trusted: Provider, settings: Any
):
    settings.AUTO_PUBLISH = False
    kept, spiked = arrived(trusted, title="Orsk dam"), arrived(trusted, title="Valley choir")
    arrived(trusted, title="No topic", topics=[])
    arrived(trusted, title="Long ago", arrived_at=timezone.now() - timedelta(days=31))
    transition(spiked, "spike", make_user("editor", first_name="Ana"), expected_version=1)
    out = StringIO()
    call_command("auto_publish", "-n", stdout=out)
    said = out.getvalue()
    assert f"would publish: {kept.slug} (quality 70, alone (70); still new)" in said
    assert f"would publish: {spiked.slug} (quality 70, alone (70); spiked by Ana on" in said
    assert "It needs at least one topic." in said
    assert "2 would have been published in 30 days, 1 left to people" in said
    assert not Article.objects.filter(state=State.PUBLISHED).exists()


def test_the_command_acts_only_where_it_is_switched_on(trusted: Provider, settings: Any):
    article = arrived(trusted)
    settings.AUTO_PUBLISH = False
    with pytest.raises(CommandError, match="AUTO_PUBLISH is off"):
        call_command("auto_publish")
    settings.AUTO_PUBLISH = True
    out = StringIO()
    call_command("auto_publish", stdout=out)
    assert out.getvalue() == f"published: {article.slug}\n1 published\n"
