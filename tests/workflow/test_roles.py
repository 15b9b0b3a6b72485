"""Every role and every action."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from articles.models import Transition
from articles.states import TABLE, Action, State
from articles.workflow import NotPermitted, allowed_actions, edit, save_draft, transition
from articles.workflow.roles import ROLES, ensure_roles
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

REVIEWING = {
    Action.CLAIM,
    Action.ASSIGN,
    Action.REQUEST_CHANGES,
    Action.RESUBMIT,
    Action.EDIT,
    Action.SAVE_DRAFT,
    Action.DISCARD_DRAFT,
    Action.SPIKE,
    Action.UNSPIKE,
}
PUBLISHING = REVIEWING | {
    Action.APPROVE,
    Action.PUBLISH,
    Action.PUBLISH_DRAFT,
    Action.RESCHEDULE,
    Action.UNSCHEDULE,
    Action.UNPUBLISH,
    Action.REPUBLISH,
}
MAY: dict[str, set[Action]] = {
    "": set(),
    "contributor": set(),
    "auditor": set(),
    "editor": REVIEWING,
    "publisher": PUBLISHING,
    "managing editor": PUBLISHING | {Action.WITHDRAW, Action.RELEASE},
    "superuser": set(Action),
}


def open_article(action: Action):
    """An article on which nothing but the right to it can stop the action."""
    start = TABLE[action].starts[0]
    held_by = make_user("editor") if action is Action.RELEASE else None
    later = timezone.now() + timedelta(hours=1)
    article = make_article(
        state=start,
        assignee=held_by,
        claimed_at=timezone.now() if held_by else None,
        go_live_at=later if start is State.PUBLISHED else None,
    )
    if start is State.PUBLISHED and TABLE[action].of_draft:
        save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
        article.refresh_from_db()
    return article


def attempt(article, action: Action, actor):
    if action is Action.EDIT:
        return edit(article, actor, {"title": "Changed"}, expected_version=1)
    if action is Action.SAVE_DRAFT:
        return save_draft(article, actor, {"title": "Changed"}, expected_version=1)
    data: dict[str, Any] = {}
    if action is Action.ASSIGN:
        data = {"assignee": make_user("editor")}
    if action is Action.RESCHEDULE:
        data = {"go_live_at": timezone.now()}
    version = article.version
    return transition(article, action, actor, expected_version=version, comment="because", **data)


def test_the_matrix_names_every_role():
    assert set(MAY) == {"", "superuser", *ROLES}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", MAY)
def test_each_role_does_what_it_may_and_nothing_else(role, action):
    article, actor = open_article(action), make_user(role)
    version, acts = article.version, Transition.objects.count()
    assert (action in allowed_actions(article, actor)) == (action in MAY[role])
    if action in MAY[role]:
        assert attempt(article, action, actor).version == version + 1
        return
    with pytest.raises(NotPermitted):
        attempt(article, action, actor)
    article.refresh_from_db()
    assert article.version == version
    assert Transition.objects.count() == acts


def test_a_contributor_changes_his_own_articles_and_no_others():
    writer, other = make_user("contributor"), make_user("contributor")
    article = make_article()
    Transition.objects.create(
        article=article, action="create", to_state="new", actor=writer, version=1, at=timezone.now()
    )
    assert allowed_actions(article, writer) == [Action.EDIT]
    assert allowed_actions(article, other) == []
    assert attempt(article, Action.EDIT, writer).title == "Changed"
    with pytest.raises(NotPermitted, match="rank"):
        edit(article, writer, {"quality": 100}, expected_version=2)


def test_nobody_but_a_superuser_can_delete_articles_or_change_users():
    forbidden = ("articles.delete_article", "auth.change_user", "auth.add_user")
    for role in ROLES:
        person = make_user(role)
        assert not any(person.has_perm(name) for name in forbidden)


def test_an_auditor_views_everything_and_changes_nothing():
    permissions = make_user("auditor").get_all_permissions()
    assert "articles.view_transition" in permissions
    assert all(name.split(".")[1].startswith("view_") for name in permissions)


def test_roles_are_made_once_and_put_right_again():
    Group.objects.all().delete()
    assert ensure_roles() == list(ROLES)
    assert ensure_roles() == []
    Group.objects.get(name="auditor").permissions.clear()
    assert ensure_roles() == ["auditor"]
    assert Group.objects.count() == len(ROLES)


def test_the_command_says_what_it_did():
    Group.objects.all().delete()
    out = StringIO()
    call_command("roles", stdout=out)
    call_command("roles", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 2 * len(ROLES)
    assert lines[0].endswith("set")
    assert lines[-1].endswith("unchanged")
