"""Who works on an article."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from articles.states import State
from articles.workflow import NotPermitted, WrongState
from tests.factories import make_article, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


def test_a_claim_is_released_to_where_it_was_claimed_from(editor):
    for start in (State.NEW, State.CHANGES_REQUESTED, State.IN_REVIEW):
        article = do(make_article(state=start), "claim", editor)
        assert (article.state, article.assignee) == (State.IN_REVIEW, editor)
        article = do(article, "release", editor)
        assert (article.state, article.assignee, article.came_from) == (start, None, "")


def test_claiming_and_releasing_touch_nothing(editor):
    article = do(do(make_article(), "claim", editor), "release", editor)
    assert article.touched_at is None
    assert article.state_acted_at is None


def test_a_fresh_claim_is_not_taken_by_another_reviewer(editor, publisher):
    article = do(make_article(), "claim", editor)
    with pytest.raises(NotPermitted, match=r"^Bo claimed it 0 s ago\.$"):
        do(article, "claim", publisher)


def test_an_idle_claim_is_anybodys(editor, publisher, settings):
    article = do(make_article(), "claim", editor)
    settings.CLAIM_IDLE_MINUTES = 0
    assert do(article, "claim", publisher).assignee == publisher


def test_the_claim_of_a_deactivated_person_is_anybodys(editor, publisher):
    article = do(make_article(), "claim", editor)
    editor.is_active = False
    editor.save()
    assert do(article, "claim", publisher).assignee == publisher


def test_a_managing_editor_takes_over_and_release_still_leads_back(editor, manager):
    article = do(make_article(), "claim", editor)
    article = do(article, "claim", manager)
    assert article.assignee == manager
    assert do(article, "release", manager).state == State.NEW


def test_only_the_assignee_releases(editor, publisher, manager):
    article = do(make_article(), "claim", editor)
    with pytest.raises(NotPermitted, match="Bo has claimed it"):
        do(article, "release", publisher)
    assert do(article, "release", manager).assignee is None


def test_what_nobody_has_claimed_is_not_released(editor, manager):
    article = make_article(state=State.IN_REVIEW)
    for person in (editor, manager):
        with pytest.raises(WrongState, match="Nobody has claimed"):
            do(article, "release", person)


def test_nobody_claims_twice(editor):
    with pytest.raises(WrongState, match="already"):
        do(do(make_article(), "claim", editor), "claim", editor)


def test_work_is_assigned_only_to_those_who_may_review(editor):
    article = make_article()
    with pytest.raises(ValidationError) as wrong:
        do(article, "assign", editor, assignee=make_user("auditor"))
    assert list(wrong.value.message_dict) == ["assignee"]
    with pytest.raises(ValidationError):
        do(article, "assign", editor)
    other = make_user("editor")
    assert do(article, "assign", editor, assignee=other).assignee == other


def test_a_decision_ends_the_claim(editor, publisher):
    article = do(do(make_article(), "claim", editor), "approve", publisher)
    assert (article.assignee, article.claimed_at, article.came_from) == (None, None, "")
