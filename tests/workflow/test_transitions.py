"""One action on one article, whole or not at all."""

from __future__ import annotations

import zlib

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles.frontmatter import read
from articles.models import Article, Transition
from articles.states import Action, State
from articles.workflow import (
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
    allowed_actions,
    edit,
    refusals,
)
from tests.factories import make_article, make_story, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


def test_a_published_article_is_public_at_once(publisher):
    article = do(make_article(), "publish", publisher)
    assert article.state == State.PUBLISHED
    assert list(Article.objects.published()) == [article]
    assert article.go_live_at == article.first_published_at == article.touched_at
    assert article.state_acted_at == article.touched_at


def test_publishing_gives_the_story_its_address_and_rank(publisher):
    article = make_story({"slug": "2024-05-06-lead", "quality": 60}, {})[0]
    story = do(article, "publish", publisher).story
    assert (story.slug, story.heat) == ("2024-05-06-lead", 80)
    assert story.rank is not None


def test_unpublishing_takes_the_story_off_the_front_page(publisher):
    article = do(make_article(), "publish", publisher)
    article = do(article, "unpublish", publisher, comment="wrong picture")
    article.story.refresh_from_db()
    assert article.story.rank is None
    assert not Article.objects.published().exists()


def test_republishing_keeps_when_it_was_first_public(publisher):
    article = do(make_article(), "publish", publisher)
    first = article.first_published_at
    article = do(article, "unpublish", publisher, comment="wrong picture")
    article = do(article, "republish", publisher)
    assert article.first_published_at == first
    assert article.go_live_at == article.touched_at != first


def test_an_act_leaves_one_audit_row_and_the_revision_it_was_made_on(publisher):
    article = do(make_article(title="Rain"), "publish", publisher, comment=" at last ")
    row = Transition.objects.get()
    assert (row.article, row.actor, row.action) == (article, publisher, "publish")
    assert (row.from_state, row.to_state, row.version) == ("new", "published", 2)
    assert row.comment == "at last"
    now = row.at.isoformat()
    assert row.changes == {"go_live_at": [None, now], "first_published_at": [None, now]}
    record = read(zlib.decompress(bytes(article.revisions.get().data)))
    assert row.revision == article.revisions.get()
    assert record.values["title"] == "Rain"
    assert not {"related", "secured", "published"} & record.values.keys()


def test_acts_on_unchanged_content_share_a_revision(publisher, editor):
    article = do(make_article(), "claim", editor)
    article = do(article, "approve", publisher)
    do(article, "publish", publisher)
    assert article.revisions.count() == 1
    assert article.approved_revision == article.revisions.get()


def test_whoever_comes_second_reads_who_was_first(publisher):
    article, other = make_article(), make_user("publisher")
    do(article, "approve", publisher)
    with pytest.raises(StaleVersion, match=r"^Already approved by Ana Ferro 0 s ago\."):
        do(article, "approve", other)
    assert Transition.objects.count() == 1


def test_repeating_ones_own_act_is_answered_as_done(publisher):
    article = make_article()
    first = do(article, "publish", publisher)
    again = do(article, "publish", publisher)
    assert (again.state, again.version) == (first.state, first.version)
    assert Transition.objects.count() == 1


def test_asking_for_something_else_is_no_repetition(publisher, editor):
    article = make_article()
    do(article, "assign", publisher, assignee=editor)
    with pytest.raises(StaleVersion):
        do(article, "assign", publisher, assignee=publisher)
    with pytest.raises(StaleVersion):
        do(article, "assign", publisher, assignee=editor, comment="for the late edition")


def test_a_repetition_after_somebody_elses_act_is_stale(publisher, editor):
    article = make_article()
    claimed = do(article, "claim", editor)
    do(claimed, "approve", publisher)
    with pytest.raises(StaleVersion, match="Already approved by Ana Ferro"):
        do(article, "claim", editor)


@pytest.mark.parametrize(
    ("action", "state"),
    [("publish", State.SPIKED), ("approve", State.WITHDRAWN), ("unpublish", State.NEW)],
)
def test_what_the_table_does_not_list_is_refused_and_changes_nothing(action, state, superuser):
    article = make_article(state=state)
    with pytest.raises(WrongState, match=r"^This article is "):
        do(article, action, superuser, comment="try")
    article.refresh_from_db()
    assert (article.state, article.version) == (state, 1)
    assert not Transition.objects.exists()


def test_nobody_publishes_without_the_permission(editor):
    article = make_article()
    with pytest.raises(NotPermitted, match="This needs the permission to publish") as refused:
        do(article, "publish", editor)
    assert isinstance(refused.value, PermissionDenied)
    assert not Article.objects.published().exists()


def test_a_deactivated_superuser_can_do_nothing():
    gone = make_user("superuser", is_active=False)
    assert allowed_actions(make_article(), gone) == []
    assert allowed_actions(make_article(state=State.WITHDRAWN), gone) == []


@pytest.mark.parametrize(
    ("action", "state"),
    [("unpublish", State.PUBLISHED), ("withdraw", State.NEW), ("request_changes", State.APPROVED)],
)
def test_an_act_that_asks_why_is_refused_without_a_word(action, state, manager):
    article = make_article(state=state, go_live_at=timezone.now())
    with pytest.raises(ReasonMissing):
        do(article, action, manager, comment="  ")
    do(article, action, manager, comment="because")


def test_a_parameter_that_the_action_does_not_take_is_an_error(publisher):
    with pytest.raises(TypeError, match="approve takes no expire_at"):
        do(make_article(), "approve", publisher, expire_at=timezone.now())
    with pytest.raises(TypeError):
        do(make_article(), "edit", publisher)


class TestRejecting:
    def test_changes_are_requested_made_and_resubmitted(self, editor, publisher):
        article = do(make_article(), "approve", publisher)
        article = do(article, "request_changes", editor, comment="shorter")
        assert article.approved_revision is None
        with pytest.raises(WrongState, match="Nothing has changed"):
            do(article, "resubmit", editor)
        article = edit(article, editor, {"title": "Short"}, expected_version=article.version)
        assert do(article, "resubmit", editor).state == State.IN_REVIEW

    def test_a_reply_is_enough_to_resubmit(self, editor):
        article = make_article(state=State.CHANGES_REQUESTED)
        assert do(article, "resubmit", editor, comment="It is right").state == State.IN_REVIEW

    def test_unspiking_undoes_spiking(self, editor):
        for start in (State.NEW, State.CHANGES_REQUESTED, State.UNPUBLISHED):
            article = make_article(state=start)
            spiked = do(article, "spike", editor)
            back = do(spiked, "unspike", editor)
            assert (back.state, back.came_from) == (start, "")

    def test_a_spike_voids_an_approval(self, editor, publisher):
        article = do(make_article(), "approve", publisher)
        article = do(do(article, "spike", editor), "unspike", editor)
        assert (article.state, article.approved_revision) == (State.IN_REVIEW, None)

    def test_a_withdrawn_article_comes_back_only_by_a_superuser(self, manager, superuser):
        article = do(make_article(), "publish", manager)
        article = do(article, "withdraw", manager, comment="court order")
        assert not Article.objects.shown().exists()
        assert allowed_actions(article, manager) == []
        assert do(article, "reinstate", superuser, comment="won").state == State.IN_REVIEW

    def test_withdrawing_marks_the_files_that_list_it(self, manager):
        lead, other = make_story({}, {})
        Article.objects.filter(pk=lead.pk).update(marked=None)
        do(other, "withdraw", manager, comment="court order")
        lead.refresh_from_db()
        assert lead.marked


def test_every_action_is_either_allowed_or_refused_with_a_reason(editor):
    article = make_article()
    found = refusals(article, editor)
    assert list(found) == list(Action)
    assert [action for action, why in found.items() if not why] == allowed_actions(article, editor)
    assert found[Action.APPROVE] == "This needs the permission to approve."
