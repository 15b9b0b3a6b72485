"""One action on one article, whole or not at all."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.frontmatter import read
from articles.models import Article, Transition
from articles.states import Action, State
from articles.workflow import (
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
    allowed_actions,
    edit,
    refusals,
    transition,
)
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story, make_user

pytestmark = pytest.mark.django_db


def do(article, action, actor, **more):
    return transition(article, action, actor, expected_version=article.version, **more)


@pytest.fixture
def publisher():
    return make_user("publisher", first_name="Ana", last_name="Ferro")


@pytest.fixture
def editor():
    return make_user("editor", first_name="Bo")


@pytest.fixture
def manager():
    return make_user("managing editor", first_name="Mina")


@pytest.fixture
def superuser():
    return make_user("superuser")


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
    assert article.go_live_at > first


def test_an_act_leaves_one_audit_row_and_the_revision_it_was_made_on(publisher):
    article = do(make_article(title="Rain"), "publish", publisher, comment=" at last ")
    row = Transition.objects.get()
    assert (row.article, row.actor, row.action) == (article, publisher, "publish")
    assert (row.from_state, row.to_state, row.version) == ("new", "published", 2)
    assert row.comment == "at last"
    assert row.changes["go_live_at"] == [None, article.go_live_at.isoformat()]
    record = read(zlib.decompress(bytes(row.revision.data)))
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


class TestClaims:
    def test_a_claim_is_released_to_where_it_was_claimed_from(self, editor):
        for start in (State.NEW, State.CHANGES_REQUESTED, State.IN_REVIEW):
            article = do(make_article(state=start), "claim", editor)
            assert (article.state, article.assignee) == (State.IN_REVIEW, editor)
            article = do(article, "release", editor)
            assert (article.state, article.assignee, article.came_from) == (start, None, "")

    def test_claiming_and_releasing_touch_nothing(self, editor):
        article = do(do(make_article(), "claim", editor), "release", editor)
        assert article.touched_at is None
        assert article.state_acted_at is None

    def test_a_fresh_claim_is_not_taken_by_another_reviewer(self, editor, publisher):
        article = do(make_article(), "claim", editor)
        with pytest.raises(NotPermitted, match=r"^Bo claimed it 0 s ago\.$"):
            do(article, "claim", publisher)

    def test_an_idle_claim_is_anybodys(self, editor, publisher, settings):
        article = do(make_article(), "claim", editor)
        settings.CLAIM_IDLE_MINUTES = 0
        assert do(article, "claim", publisher).assignee == publisher

    def test_the_claim_of_a_deactivated_person_is_anybodys(self, editor, publisher):
        article = do(make_article(), "claim", editor)
        editor.is_active = False
        editor.save()
        assert do(article, "claim", publisher).assignee == publisher

    def test_a_managing_editor_takes_over_and_release_still_leads_back(self, editor, manager):
        article = do(make_article(), "claim", editor)
        article = do(article, "claim", manager)
        assert article.assignee == manager
        assert do(article, "release", manager).state == State.NEW

    def test_only_the_assignee_releases(self, editor, publisher, manager):
        article = do(make_article(), "claim", editor)
        with pytest.raises(NotPermitted, match="Bo has claimed it"):
            do(article, "release", publisher)
        assert do(article, "release", manager).assignee is None

    def test_nobody_claims_twice(self, editor):
        with pytest.raises(WrongState, match="already"):
            do(do(make_article(), "claim", editor), "claim", editor)

    def test_work_is_assigned_only_to_those_who_may_review(self, editor):
        article = make_article()
        with pytest.raises(ValidationError) as wrong:
            do(article, "assign", editor, assignee=make_user("auditor"))
        assert list(wrong.value.message_dict) == ["assignee"]
        with pytest.raises(ValidationError):
            do(article, "assign", editor)
        other = make_user("editor")
        assert do(article, "assign", editor, assignee=other).assignee == other

    def test_a_decision_ends_the_claim(self, editor, publisher):
        article = do(do(make_article(), "claim", editor), "approve", publisher)
        assert (article.assignee, article.claimed_at, article.came_from) == (None, None, "")


class TestWindow:
    def test_a_scheduled_article_goes_live_by_the_clock_alone(self, publisher):
        soon = timezone.now() + timedelta(hours=1)
        article = do(make_article(), "publish", publisher, at=soon)
        assert not Article.objects.published().exists()
        assert list(Article.objects.published(soon)) == [article]

    def test_an_article_expires_by_the_clock_alone(self, publisher):
        end = timezone.now() + timedelta(hours=1)
        article = do(make_article(), "publish", publisher, expire_at=end)
        assert list(Article.objects.published()) == [article]
        assert not Article.objects.published(end).exists()

    def test_expiry_comes_after_going_live(self, publisher):
        soon = timezone.now() + timedelta(hours=1)
        with pytest.raises(ValidationError) as wrong:
            do(make_article(), "publish", publisher, at=soon, expire_at=soon)
        assert list(wrong.value.message_dict) == ["expire_at"]

    def test_what_was_only_scheduled_was_never_public(self, publisher):
        soon = timezone.now() + timedelta(hours=1)
        article = do(make_article(), "publish", publisher, at=soon)
        article = do(article, "unschedule", publisher)
        assert (article.state, article.first_published_at) == (State.APPROVED, None)
        assert article.go_live_at is None

    def test_what_is_live_cannot_be_unscheduled(self, publisher):
        article = do(make_article(), "publish", publisher)
        with pytest.raises(WrongState, match="has gone live"):
            do(article, "unschedule", publisher)

    def test_an_expired_article_is_extended_without_going_live_again(self, publisher):
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

    def test_rescheduling_to_nothing_is_refused(self, publisher):
        article = do(make_article(), "publish", publisher)
        with pytest.raises(WrongState, match="when"):
            do(article, "reschedule", publisher)


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
        Article.objects.filter(pk=lead.pk).update(is_edited=False)
        do(other, "withdraw", manager, comment="court order")
        lead.refresh_from_db()
        assert lead.is_edited


class TestGuarded:
    def test_every_failure_is_named_at_once(self, publisher):
        article = make_article(topics=[], excerpt="<b>Rain</b>", published_at=None)
        with pytest.raises(GuardsFailed) as failed:
            do(article, "publish", publisher)
        fields = [failure.field for failure in failed.value.failures]
        assert fields == ["published_at", "topics", "excerpt"]
        assert not Article.objects.published().exists()

    def test_an_editorial_guard_is_overridden_with_a_reason_and_audited(self, manager):
        article = make_article(topics=[])
        with pytest.raises(ReasonMissing):
            do(article, "publish", manager, override=True)
        do(article, "publish", manager, override=True, comment="breaking")
        changes = Transition.objects.get().changes
        assert changes["guards"] == [["It needs at least one topic."], "overridden"]

    def test_overriding_needs_its_permission(self, publisher):
        with pytest.raises(NotPermitted, match="override"):
            do(make_article(topics=[]), "publish", publisher, override=True, comment="breaking")

    def test_a_blocked_provider_is_overridden_by_nobody(self, superuser):
        article = make_article(provider=make_provider(policy=Policy.BLOCKED))
        with pytest.raises(GuardsFailed):
            do(article, "publish", superuser, override=True, comment="please")

    def test_coverage_is_never_published(self, publisher):
        _, coverage = make_story({}, {})
        with pytest.raises(GuardsFailed, match="Another article leads"):
            do(coverage, "publish", publisher)


class TestFourEyes:
    @pytest.fixture(autouse=True)
    def _on(self, settings):
        settings.FOUR_EYES = True

    def test_an_article_is_approved_before_it_is_published(self, publisher):
        article = make_article()
        with pytest.raises(WrongState, match="Two people"):
            do(article, "publish", publisher)
        article = do(article, "approve", publisher)
        assert do(article, "publish", publisher).state == State.PUBLISHED

    def test_nobody_approves_what_he_edited_last(self, publisher):
        article = edit(make_article(), publisher, {"title": "Mine"}, expected_version=1)
        with pytest.raises(NotPermitted, match="somebody else"):
            do(article, "approve", publisher)
        assert do(article, "approve", make_user("publisher")).state == State.APPROVED

    def test_correcting_the_quality_is_no_edit_in_this_sense(self, publisher):
        article = edit(make_article(), publisher, {"quality": 90}, expected_version=1)
        assert do(article, "approve", publisher).state == State.APPROVED

    def test_an_edit_voids_the_approval_whatever_the_settings(self, publisher, settings):
        settings.REAPPROVE_ON_EDIT = False
        article = do(make_article(), "approve", publisher)
        article = edit(article, publisher, {"title": "Mine"}, expected_version=2)
        assert article.state == State.IN_REVIEW

    def test_a_live_article_is_not_changed_by_one_person(self, publisher):
        article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
        with pytest.raises(WrongState, match="Two people"):
            edit(article, publisher, {"title": "Mine"}, expected_version=1)


def test_every_action_is_either_allowed_or_refused_with_a_reason(editor):
    article = make_article()
    found = refusals(article, editor)
    assert list(found) == list(Action)
    assert [action for action, why in found.items() if not why] == allowed_actions(article, editor)
    assert found[Action.APPROVE] == "This needs the permission to approve."
