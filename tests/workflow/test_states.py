"""The transition table, as data."""

from __future__ import annotations

import pytest

from articles.states import (
    TABLE,
    Action,
    Need,
    State,
    Target,
    allowed,
    destination,
    markdown_rows,
    refusal,
)

EVERY = [(action, state) for action in Action for state in State]


def test_every_action_has_a_row():
    assert list(TABLE) == list(Action)


@pytest.mark.parametrize("four_eyes", [False, True])
@pytest.mark.parametrize(("action", "state"), EVERY)
def test_an_action_is_either_open_or_refused_with_a_sentence(action, state, four_eyes):
    why = refusal(action, state, four_eyes=four_eyes)
    assert (action in allowed(state, four_eyes=four_eyes)) == (why == "")
    assert why == "" or (why[0].isupper() and why.endswith("."))


def test_nothing_but_an_edit_leads_out_of_nowhere():
    assert allowed(State.WITHDRAWN) == [Action.REINSTATE]
    assert set(allowed(State.SPIKED)) == {Action.UNSPIKE, Action.EDIT, Action.WITHDRAW}


def test_every_state_is_reached_and_left():
    left = {state for rule in TABLE.values() for state in rule.open_in()}
    reached = {rule.to for rule in TABLE.values() if isinstance(rule.to, State)}
    assert left == set(State)
    sent_back = destination(Action.REQUEST_CHANGES, State.APPROVED, "", reapprove=True)
    assert reached | {State.NEW, sent_back} == set(State)


def test_only_two_actions_make_an_article_public():
    public = {action for action, rule in TABLE.items() if rule.to == State.PUBLISHED}
    already = {action for action in public if TABLE[action].starts == (State.PUBLISHED,)}
    assert public - already == {Action.PUBLISH, Action.REPUBLISH}
    assert all(TABLE[action].is_guarded for action in public - already)


def test_four_eyes_only_ever_closes_ways():
    for state in State:
        assert set(allowed(state, four_eyes=True)) <= set(allowed(state))
    assert Action.PUBLISH in allowed(State.NEW)
    assert Action.PUBLISH not in allowed(State.NEW, four_eyes=True)
    assert Action.PUBLISH in allowed(State.APPROVED, four_eyes=True)


def test_taking_something_down_asks_why():
    for action in (Action.UNPUBLISH, Action.WITHDRAW, Action.REQUEST_CHANGES, Action.REINSTATE):
        assert TABLE[action].asks_why


def test_claiming_and_releasing_decide_nothing():
    light = {action for action, rule in TABLE.items() if not rule.touches}
    assert light == {Action.CLAIM, Action.ASSIGN, Action.RELEASE}


@pytest.mark.parametrize(
    ("came_from", "to"),
    [
        (State.NEW, State.NEW),
        (State.IN_REVIEW, State.IN_REVIEW),
        (State.CHANGES_REQUESTED, State.CHANGES_REQUESTED),
        (State.APPROVED, State.IN_REVIEW),
        (State.UNPUBLISHED, State.UNPUBLISHED),
    ],
)
def test_unspiking_leads_back_and_never_to_approved(came_from, to):
    assert destination(Action.UNSPIKE, State.SPIKED, came_from, reapprove=True) == to


@pytest.mark.parametrize("state", TABLE[Action.EDIT].starts)
def test_an_edit_voids_an_approval_only_when_it_should(state):
    after = destination(Action.EDIT, state, "", reapprove=True)
    voided = state in (State.APPROVED, State.UNPUBLISHED)
    assert after == (State.IN_REVIEW if voided else state)
    assert destination(Action.EDIT, state, "", reapprove=False) == state


def test_no_rule_leads_to_published_without_the_permission():
    for rule in TABLE.values():
        leads_there = rule.to is State.PUBLISHED and rule.starts != (State.PUBLISHED,)
        assert not leads_there or rule.need is Need.PUBLISH
        assert isinstance(rule.to, State | Target)


def test_a_refusal_says_what_is_and_what_would_be_needed():
    assert refusal(Action.RELEASE, State.NEW) == (
        "This article is new; only one that is in review can be released."
    )
    assert refusal(Action.PUBLISH, State.PUBLISHED) == "This article is already published."
    assert refusal(Action.PUBLISH, State.NEW, four_eyes=True) == (
        "This article is new; only one that is approved can be published."
        " Two people have to see an article before readers do."
    )


def test_the_table_prints_a_row_an_action():
    rows = markdown_rows()
    assert len(rows) == len(Action) + 2
    assert "| resubmit | changes requested | in review | change |  |  |" in rows


def test_what_is_published_is_changed_by_its_draft_only():
    assert State.PUBLISHED not in TABLE[Action.EDIT].starts
    assert TABLE[Action.SAVE_DRAFT].need is Need.CHANGE
    assert TABLE[Action.PUBLISH_DRAFT].is_guarded
    for reapprove in (True, False):
        back = destination(Action.REQUEST_CHANGES, State.PUBLISHED, "", reapprove=reapprove)
        assert back is State.PUBLISHED
