"""Editors decide who belongs to a story, over whatever the files claim."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles.models import Article, Story, Transition
from articles.states import State
from articles.stories import holding
from articles.stories.acts import NotPossible, attach, detach
from articles.stories.bar import above_bar
from articles.stories.looked import grown, look
from articles.stories.membership import regroup
from articles.stories.places import OWN
from articles.workflow import StaleVersion, transition, undo
from tests.factories import make_user
from tests.stories.claiming import claimed_story, everything, import_again, leads, members

pytestmark = pytest.mark.django_db


def test_a_detached_article_stays_off_though_every_file_still_lists_it() -> None:
    lead, second, third = claimed_story({"quality": 80}, {"quality": 60}, {"quality": 50})
    detach(third, make_user("editor"))
    regroup(changed=[lead.pk, second.pk, third.pk]).apply()
    assert members(third) == {third.slug}
    assert leads(third)
    assert members(lead) == {lead.slug, second.slug}


def test_an_attached_article_stays_though_no_file_lists_it() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    attach(stranger, lead, make_user("editor"))
    regroup(changed=[lead.pk, second.pk, stranger.pk]).apply()
    assert members(lead) == {lead.slug, second.slug, stranger.slug}


def test_an_attached_article_of_higher_quality_does_not_take_the_lead() -> None:
    (lead,) = claimed_story({"quality": 50})
    (better,) = claimed_story({"quality": 90})
    attach(better, lead, make_user("editor"))
    assert leads(lead)
    assert not leads(better)


def test_moving_a_member_leaves_its_former_story_whole_under_a_lead() -> None:
    old, second, third = claimed_story({"quality": 80}, {"quality": 60}, {"quality": 50})
    (lead,) = claimed_story({"quality": 70})
    attach(old, lead, make_user("editor"))
    assert members(lead) == {lead.slug, old.slug}
    assert members(second) == {second.slug, third.slug}
    assert leads(second)


def test_attach_and_detach_back_restores_both_stories() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    editor = make_user("editor")
    attach(stranger, lead, editor)
    detach(stranger, editor)
    assert members(lead) == {lead.slug, second.slug}
    assert members(stranger) == {stranger.slug}
    assert leads(stranger)


def test_a_published_article_is_never_moved_out_of_readers_sight() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    publisher = make_user("publisher")
    transition(lead, "publish", publisher, expected_version=lead.version)
    (other,) = claimed_story({"quality": 50})
    with pytest.raises(NotPossible):
        detach(lead, publisher)
    with pytest.raises(NotPossible):
        attach(lead, other, publisher)
    assert Article.objects.get(pk=lead.pk).state == State.PUBLISHED
    assert members(lead) == {lead.slug, second.slug}


def test_coverage_is_attached_only_to_a_lead_and_only_once() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    editor = make_user("editor")
    with pytest.raises(NotPossible):
        attach(stranger, second, editor)
    with pytest.raises(NotPossible):
        attach(second, lead, editor)
    with pytest.raises(NotPossible):
        detach(stranger, editor)


def test_an_act_that_the_next_import_would_bring_about_differently_is_refused() -> None:
    (one,), (two,), (stranger,) = (claimed_story({"quality": 80 - n}) for n in range(3))
    publisher = make_user("publisher")
    for lead in (one, two):
        transition(lead, "publish", publisher, expected_version=1)
    for here, there in ((one, two), (two, one)):
        here.claims.create(identity=there.identity, title_hash=there.title_hash)
    import_again()
    # Only that both were published kept these apart.
    transition(two, "unpublish", publisher, expected_version=2, comment="Same news.")
    before = everything()
    with pytest.raises(NotPossible, match=f"“{two.title}”.* elsewhere"):
        attach(stranger, two, publisher)
    assert everything() == before


def test_an_act_has_only_so_many_articles_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    lead, second, third = claimed_story({}, {}, {})
    editor = make_user("editor")
    monkeypatch.setattr(holding, "MOST", 2)
    with pytest.raises(NotPossible, match="more than 2 articles"):
        detach(third, editor)
    assert members(lead) == {lead.slug, second.slug, third.slug}
    monkeypatch.setattr(holding, "MOST", 3)
    detach(third, editor)


def test_who_may_not_act_on_stories_changes_nothing() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    for role in ("contributor", "auditor", ""):
        with pytest.raises(PermissionDenied):
            detach(second, make_user(role))
    assert members(lead) == {lead.slug, second.slug}


def test_every_act_leaves_an_audit_row_and_marks_the_files_of_the_story() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    Article.objects.update(marked=None)
    editor = make_user("editor")
    detach(second, editor)
    row = Transition.objects.get(article=second)
    assert (row.action, row.actor, row.from_state) == ("detach", editor, State.NEW)
    assert row.version == Article.objects.get(pk=second.pk).version == second.version + 1
    assert set(Article.objects.edited()) == {lead, second}


def test_heat_and_counts_follow_the_members() -> None:
    lead, _ = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    publisher = make_user("publisher")
    transition(lead, "publish", publisher, expected_version=lead.version)
    attach(stranger, Article.objects.get(pk=lead.pk), publisher)
    story = Article.objects.get(pk=lead.pk).story
    assert (story.member_count, story.heat) == (3, 80 + 2 * 20)


def test_a_story_keeps_the_address_that_a_former_lead_gave_it() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    publisher = make_user("publisher")
    transition(lead, "publish", publisher, expected_version=lead.version)
    lead.refresh_from_db()
    transition(lead, "unpublish", publisher, expected_version=lead.version, comment="Wrong lead.")
    address = Article.objects.get(pk=second.pk).story.slug
    detach(lead, publisher)
    lead.refresh_from_db()
    transition(lead, "republish", publisher, expected_version=lead.version)
    slugs = {Article.objects.get(pk=one.pk).story.slug for one in (lead, second)}
    assert address == lead.slug
    assert address in slugs


def test_a_scheduled_story_that_never_went_public_has_no_address() -> None:
    (lead,) = claimed_story({"quality": 80})
    publisher = make_user("publisher")
    later = timezone.now() + timedelta(days=1)
    transition(lead, "publish", publisher, expected_version=lead.version, at=later)
    lead.refresh_from_db()
    transition(lead, "unschedule", publisher, expected_version=lead.version)
    assert Article.objects.get(pk=lead.pk).story.slug is None


def test_the_lead_of_an_older_story_does_not_take_the_lead_where_it_is_attached() -> None:
    (better,) = claimed_story({"quality": 90})
    Story.objects.filter(pk=better.story_id).update(is_lead_chosen=True)
    lead, _ = claimed_story({"quality": 50}, {"quality": 40})
    attach(better, lead, make_user("editor"))
    assert leads(lead)
    assert members(better) == members(lead)
    assert Article.objects.get(pk=better.pk).story_id == lead.story_id


def test_attaching_is_undone_exactly() -> None:
    old, second, _ = claimed_story({"quality": 80}, {"quality": 60}, {"quality": 50})
    lead, _ = claimed_story({"quality": 70}, {"quality": 20})
    editor = make_user("editor")
    before = everything()
    attach(old, lead, editor)
    assert leads(second)
    assert everything() != before
    assert undo(editor).refused == []
    assert everything() == before


def test_attaching_a_single_article_is_undone_with_its_story() -> None:
    (alone,) = claimed_story({"quality": 80})
    (lead,) = claimed_story({"quality": 70})
    editor = make_user("editor")
    before = everything()
    attach(alone, lead, editor)
    assert Story.objects.count() == 1
    undo(editor)
    assert everything() == before


def test_detaching_is_undone_exactly() -> None:
    lead, *_ = claimed_story({"quality": 80}, {"quality": 60}, {"quality": 50})
    editor = make_user("editor")
    before = everything()
    detach(lead, editor)
    assert everything() != before
    undo(editor)
    assert everything() == before


def test_an_undo_asks_where_those_go_that_came_since() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 10})
    editor = make_user("editor")
    detach(second, editor)
    attach(stranger, Article.objects.get(pk=second.pk), make_user("editor"))
    asked = undo(editor)
    ((_, why),) = asked.refused
    assert why == (
        f"“{stranger.title}” joined the story since. Say where it goes, or take it out of it and"
        " undo again."
    )
    assert asked.asks is not None
    assert (list(asked.asks.newcomers), list(asked.asks.choices)) == ([stranger], [lead])


@pytest.mark.parametrize("goes_along", [True, False])
def test_newcomers_go_where_they_were_said_to_go_for_good(goes_along: bool) -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 10})
    editor = make_user("editor")
    detach(second, editor)
    attach(stranger, Article.objects.get(pk=second.pk), make_user("editor"))
    assert undo(editor, newcomers=lead.pk if goes_along else OWN).refused == []
    import_again()
    assert members(lead) == {lead.slug, second.slug} | ({stranger.slug} if goes_along else set())
    assert leads(stranger) is not goes_along


def test_an_act_on_a_story_whose_members_went_since_is_not_undone() -> None:
    lead, second, third = claimed_story({"quality": 80}, {"quality": 60}, {"quality": 40})
    editor = make_user("editor")
    detach(second, editor)
    detach(third, make_user("editor"))
    ((_, why),) = undo(editor).refused
    assert why == f"“{third.title}” moved or got another lead since. Join and take out by hand."
    assert Article.objects.get(pk=second.pk).story_id != lead.story_id


def test_an_act_on_a_story_that_somebody_acted_on_meanwhile_is_stale() -> None:
    lead, second = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    editor = make_user("editor")
    for article in (second, stranger):
        transition(article, "claim", editor, expected_version=1)
    with pytest.raises(StaleVersion):
        detach(second, editor, expected_version=1)
    with pytest.raises(StaleVersion):
        attach(stranger, lead, editor, expected_version=1)


def test_the_bar_follows_lead_quality_and_coverage() -> None:
    lead, second = claimed_story({"quality": 50}, {"quality": 90})
    alone, good = claimed_story({"quality": 69})[0], claimed_story({"quality": 70})[0]
    up = Article.objects.filter(is_above_bar=True)
    assert set(up.all()) == set(Article.objects.filter(above_bar())) == {lead, good}
    editor = make_user("editor")
    detach(second, editor)
    assert set(up.all()) == set(Article.objects.filter(above_bar())) == {second, good}
    attach(alone, Article.objects.get(pk=lead.pk), editor)
    assert set(up.all()) == {lead, second, good}


def test_a_story_grew_since_somebody_looked() -> None:
    lead, _ = claimed_story({"quality": 80}, {"quality": 60})
    (stranger,) = claimed_story({"quality": 40})
    publisher = make_user("publisher")
    transition(lead, "publish", publisher, expected_version=lead.version)
    assert list(grown()) == []
    attach(stranger, Article.objects.get(pk=lead.pk), publisher)
    story = Story.objects.get(pk=lead.story_id)
    assert list(grown()) == [story]
    look(story)
    assert list(grown()) == []
