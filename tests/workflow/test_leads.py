"""Who leads a story when its lead leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Story, Transition
from articles.public.addresses import find
from articles.states import State
from articles.stories import swap_lead
from articles.workflow import (
    GuardsFailed,
    NotPermitted,
    StaleVersion,
    WrongState,
    successors,
    undo,
)
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """A live lead, an open member of quality 60, one of 70, and one that is spiked."""
    live = {"state": State.PUBLISHED, "go_live_at": timezone.now(), "quality": 80}
    made = make_story(live, {"quality": 60}, {"quality": 70}, {"state": State.SPIKED})
    return made


def now_of(article):
    return Article.objects.get(pk=article.pk)


def swap(article, actor, **more):
    return swap_lead(article, actor, expected_version=article.version, **more)


def test_those_who_may_take_over_come_best_first(story, settings):
    lead, sixty, seventy, _ = story
    assert successors(lead) == [seventy, sixty]
    blocked = make_provider(policy=Policy.BLOCKED)
    Article.objects.filter(pk=seventy.pk).update(provider=blocked)
    assert successors(lead) == [sixty]
    settings.FOUR_EYES = True
    assert successors(lead) == []


def test_a_successor_is_published_in_the_moment_the_lead_leaves(story, publisher):
    lead, sixty, *_ = story
    do(lead, "unpublish", publisher, comment="wrong", successor=sixty)
    heir = now_of(sixty)
    assert (heir.state, heir.is_lead) == (State.PUBLISHED, True)
    assert list(Article.objects.published()) == [heir]
    assert now_of(lead).state == State.UNPUBLISHED
    assert not now_of(lead).is_lead
    assert Story.objects.get(pk=lead.story_id).is_lead_chosen


def test_nothing_leaves_when_the_successor_may_not_be_published(story, publisher):
    lead, sixty, _, spiked = story
    sixty.topic_places.all().delete()
    for heir, refusal in (
        (sixty, GuardsFailed),
        (spiked, WrongState),
        (make_article(), WrongState),
    ):
        with pytest.raises(refusal):
            do(lead, "unpublish", publisher, comment="wrong", successor=heir)
        assert now_of(lead).is_published()
        assert now_of(lead).version == 1


def test_whoever_withdraws_a_lead_may_name_a_successor(story, manager):
    lead, sixty, *_ = story
    do(lead, "withdraw", manager, comment="court", successor=sixty)
    assert now_of(sixty).is_published()


def test_without_a_successor_the_story_leaves_the_site(story, publisher):
    lead, *_ = story
    do(lead, "unpublish", publisher, comment="wrong")
    assert not Article.objects.shown().exists()
    assert now_of(lead).is_lead


def test_a_story_is_not_lost_with_the_rejected_article_that_leads_it(editor):
    lead, weak, good = make_story({"quality": 90}, {"quality": 40}, {"quality": 60})
    do(lead, "spike", editor)
    assert now_of(good).is_lead
    assert now_of(good).state == State.NEW
    assert undo(editor).refused == []
    assert now_of(lead).is_lead
    assert now_of(lead).state == State.NEW
    assert not now_of(weak).is_lead


def test_swapping_the_lead_of_a_live_story_carries_published_over(story, publisher):
    lead, sixty, *_ = story
    address = find(lead.slug, timezone.now())
    assert address.lead is not None
    assert address.lead.pk == lead.pk
    swap(sixty, publisher)
    heir, old = now_of(sixty), now_of(lead)
    assert (heir.state, old.state) == (State.PUBLISHED, State.APPROVED)
    assert heir.go_live_at == lead.go_live_at < heir.first_published_at
    assert list(Article.objects.published()) == [heir]
    assert old in Article.objects.shown()
    assert old.approved_revision is not None
    rows = Transition.objects.order_by("id").values_list("action", "from_state", "to_state")
    assert list(rows) == [
        ("swap_lead", "published", "approved"),
        ("swap_lead", "new", "new"),
        ("publish", "new", "published"),
    ]


def test_a_swap_is_undone_as_one_step(story, publisher):
    lead, sixty, *_ = story
    swap(sixty, publisher)
    result = undo(publisher)
    assert result.refused == []
    assert now_of(lead).is_published()
    assert (now_of(sixty).state, now_of(sixty).is_lead) == (State.NEW, False)
    assert not Story.objects.get(pk=lead.story_id).is_lead_chosen


def test_a_scheduled_story_keeps_its_time(publisher):
    later = timezone.now() + timedelta(hours=2)
    _, other = make_story({"state": State.PUBLISHED, "go_live_at": later}, {})
    swap(other, publisher)
    heir = now_of(other)
    assert (heir.go_live_at, heir.first_published_at) == (later, later)


def test_an_expired_story_goes_live_anew(publisher):
    past = timezone.now() - timedelta(days=2)
    expired = {"state": State.PUBLISHED, "go_live_at": past, "expire_at": past + timedelta(hours=1)}
    _, other = make_story(expired, {})
    swap(other, publisher)
    assert now_of(other).is_published()
    assert now_of(other).expire_at is None


def test_swapping_asks_for_the_guards_of_the_new_lead(story, publisher, manager):
    lead, sixty, *_ = story
    sixty.topic_places.all().delete()
    with pytest.raises(GuardsFailed):
        swap(sixty, publisher)
    assert now_of(lead).is_published()
    swap(sixty, manager, override=True, comment="breaking")
    assert now_of(sixty).is_published()


def test_swapping_a_live_lead_is_a_publication_with_its_rights(story, editor):
    with pytest.raises(NotPermitted, match="publish"):
        swap(story[1], editor)
    with pytest.raises(NotPermitted, match="stories"):
        swap(story[1], make_user("contributor"))


def test_an_editor_chooses_the_lead_of_what_is_not_live(editor):
    _, other = make_story({}, {})
    swap(other, editor)
    assert now_of(other).is_lead
    assert now_of(other).state == State.NEW


def test_a_lead_is_not_swapped_for_what_is_out_or_leads_or_has_changed(story, publisher):
    lead, sixty, _, spiked = story
    for article in (lead, spiked):
        with pytest.raises(WrongState):
            swap(article, publisher)
    do(sixty, "claim", publisher)
    with pytest.raises(StaleVersion):
        swap(sixty, make_user("publisher"))


def test_a_lead_is_not_taken_back_from_a_story_that_the_former_one_left(editor):
    old, heir, third = make_story({"quality": 90}, {"quality": 40}, {"quality": 30})
    swap_lead(heir, editor, expected_version=1)
    elsewhere = make_article(quality=95)
    Article.objects.filter(pk=old.pk).update(story=elsewhere.story)
    ((_, why),) = undo(editor).refused
    assert why == "One of them went to another story since. Join and lead by hand."
    assert now_of(heir).is_lead
    Article.objects.filter(pk=old.pk).update(story=heir.story)
    Article.objects.filter(pk=heir.pk).update(is_lead=False)
    Article.objects.filter(pk=third.pk).update(is_lead=True)
    ((_, why),) = undo(editor).refused
    assert why == "The story got another lead since. Lead by hand."


def test_what_is_out_leads_no_story_that_nobody_reads_either(editor):
    lead, *others = make_story({}, {"state": State.SPIKED}, {"state": State.WITHDRAWN})
    for out in others:
        with pytest.raises(WrongState, match="it cannot lead a story"):
            swap(out, editor)
    assert now_of(lead).is_lead


def test_nobody_takes_over_from_an_article_that_does_not_lead(publisher):
    lead, member = make_story({}, {})
    with pytest.raises(WrongState, match="does not lead its story"):
        do(member, "spike", publisher, successor=lead)
    assert (now_of(lead).state, now_of(member).state) == (State.NEW, State.NEW)
