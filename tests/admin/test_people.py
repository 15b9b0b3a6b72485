"""People are invited, given roles and let go by those who may, never beyond what these may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk import people
from articles.workflow import transition
from articles.workflow.roles import ensure_roles
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/person/"
ROLES = ("contributor", "editor", "publisher", "managing editor", "auditor")
ACTS = ("roles", "link", "deactivate", "reactivate")
PASSWORD = "harbour-lamp-7-quay"


@pytest.fixture(autouse=True)
def roles(db: None) -> None:
    ensure_roles()


@pytest.fixture
def manager(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("managing editor")


def page_of(person: User) -> str:
    return f"{LIST}{person.pk}/change/"


def group(name: str) -> int:
    return Group.objects.get(name=name).pk


def invite(client: Client, *names: str, username: str = "ana") -> str:
    """Invite somebody; the link."""
    form = {"username": username, "roles": [group(name) for name in names], "zone": ""}
    answer = client.post(LIST, form, follow=True)
    return link_on(answer)


def link_on(answer: Any) -> str:
    found = re.search(r'value="(http://testserver/admin/join/[^"]+)"', answer.content.decode())
    assert found
    return found[1].removeprefix("http://testserver")


def join(link: str) -> tuple[Client, bool]:
    """Follow a link and set a password; whether that worked."""
    visitor = Client()
    page = visitor.get(link, follow=True)
    if not page.context["validlink"]:
        return visitor, False
    words = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    answer = visitor.post(page.request["PATH_INFO"], words)
    assert answer.status_code == 302, page.context["form"].errors
    return visitor, visitor.get("/admin/").status_code == 200


def state_of(person: User) -> tuple[object, ...]:
    person.refresh_from_db()
    names = sorted(person.groups.values_list("name", flat=True))
    return (person.is_active, person.is_superuser, person.is_staff, person.password, names)


def test_an_invitation_leads_to_the_desk_once(manager: Client):
    link = invite(manager, "editor")
    person = User.objects.get(username="ana")
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (
        True,
        False,
        False,
    )
    assert person.has_perm("articles.review")
    assert join(link)[1]
    assert not join(link)[1]
    assert "used already" in Client().get(link, follow=True).content.decode()


def test_a_link_is_shown_once(manager: Client):
    invite(manager, "editor")
    page = manager.get(page_of(User.objects.get(username="ana")))
    assert "/join/" not in page.content.decode()


@pytest.mark.parametrize(("days", "is_valid"), [(6, True), (8, False)])
def test_an_invitation_expires_after_seven_days(manager: Client, days: int, is_valid: bool):
    uid = invite(manager, "editor").split("/")[3]
    person = User.objects.get(username="ana")
    made: Any = people.invitations
    seconds = made._num_seconds(made._now() - timedelta(days=days))
    token = made._make_token_with_timestamp(person, seconds, made.secret)
    page = Client().get(f"/admin/join/{uid}/{token}/", follow=True)
    assert page.context["validlink"] is is_valid


def test_a_new_link_voids_the_one_before_and_the_password(manager: Client):
    first = invite(manager, "editor")
    person = User.objects.get(username="ana")
    second = link_on(manager.post(page_of(person), {"act": "link"}, follow=True))
    assert not join(first)[1]
    visitor, is_in = join(second)
    assert is_in
    manager.post(page_of(person), {"act": "link"})
    assert visitor.get("/admin/").status_code == 302


def test_a_link_of_another_kind_or_for_another_person_opens_nothing(manager: Client):
    link = invite(manager, "editor")
    other = make_user("superuser")
    uid = link.split("/")[3]
    token = PasswordResetTokenGenerator().make_token(User.objects.get(username="ana"))
    assert not join(f"/admin/join/{uid}/{token}/")[1]
    theirs = people.invitations.make_token(other)
    assert not join(f"/admin/join/{uid}/{theirs}/")[1]


def test_who_is_deactivated_is_out_at_once_and_his_claims_are_free(manager: Client):
    visitor, _ = join(invite(manager, "editor"))
    person = User.objects.get(username="ana")
    article = make_article()
    transition(article, "claim", person, expected_version=article.version)
    said = manager.post(page_of(person), {"act": "deactivate"}, follow=True).content.decode()
    article.refresh_from_db()
    assert "1 claims released" in said
    assert (article.assignee, article.state) == (None, "new")
    assert visitor.get("/admin/").status_code == 302
    link = link_on(manager.post(page_of(person), {"act": "reactivate"}, follow=True))
    assert visitor.get("/admin/").status_code == 302
    assert join(link)[1]


def test_the_link_of_who_was_deactivated_opens_nothing(manager: Client):
    link = invite(manager, "editor")
    person = User.objects.get(username="ana")
    manager.post(page_of(person), {"act": "deactivate"})
    assert not join(link)[1]


def test_a_closed_account_gets_no_new_link_before_it_is_opened_again(manager: Client):
    person = make_user("editor", is_active=False)
    before = state_of(person)
    assert manager.post(page_of(person), {"act": "link"}).status_code == 403
    assert state_of(person) == before
    assert not people.history_of(person).exists()


def test_every_act_is_on_record(manager: Client):
    invite(manager, "editor")
    person = User.objects.get(username="ana")
    manager.post(page_of(person), {"act": "roles", "roles": [group("publisher")], "zone": ""})
    for act in ("link", "deactivate", "reactivate"):
        manager.post(page_of(person), {"act": act})
    said = list(people.history_of(person).values_list("change_message", flat=True))
    assert said[::-1] == [
        "Invited as editor.",
        "Roles: editor → publisher.",
        "Made a new link; the old password is void.",
        "Deactivated; 0 claims released.",
        "Reactivated.",
    ]
    assert "Roles: editor → publisher." in manager.get(page_of(person)).content.decode()


@pytest.mark.parametrize("role", ["", *(role for role in ROLES if role != "managing editor")])
def test_who_may_not_manage_people_sees_nobody_and_changes_nobody(
    role: str, sign_in: Callable[[str], Client]
):
    person = make_user("contributor")
    before = state_of(person)
    for client, status in ((sign_in(role), 403), (Client(), 302)):
        assert client.get(LIST).status_code == client.get(page_of(person)).status_code == status
        assert client.post(LIST, {"username": "eve", "zone": ""}).status_code == status
        for act in ACTS:
            form = {"act": act, "roles": [group("editor")], "zone": ""}
            assert client.post(page_of(person), form).status_code == status
    assert state_of(person) == before
    assert not User.objects.filter(username="eve").exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_the_operator_touches_a_superuser(act: str, manager: Client):
    boss = make_user("superuser")
    boss.set_password(PASSWORD)
    boss.save()
    before = state_of(boss)
    form = {"act": act, "roles": [group("editor")], "zone": ""}
    assert manager.post(page_of(boss), form).status_code == 403
    assert state_of(boss) == before
    assert b'name="act"' not in manager.get(page_of(boss)).content


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_touches_a_person_who_may_do_more(act: str, is_active: bool, manager: Client):
    person = make_user("editor", is_active=is_active)
    person.user_permissions.add(Permission.objects.get(codename="change_user"))
    before = state_of(person)
    form = {"act": act, "roles": [], "zone": ""}
    assert manager.post(page_of(person), form).status_code == 403
    assert state_of(person) == before


@pytest.mark.parametrize("act", ACTS)
def test_nobody_changes_his_own_account(act: str):
    mina = make_user("managing editor")
    client = Client()
    client.force_login(mina)
    before = state_of(mina)
    form = {"act": act, "roles": [group("editor")], "zone": ""}
    assert client.post(page_of(mina), form).status_code == 403
    assert state_of(mina) == before


def test_a_role_that_may_do_more_is_neither_offered_nor_given_nor_taken(manager: Client):
    power = Group.objects.create(name="operators")
    power.permissions.add(Permission.objects.get(codename="add_user"))
    person = make_user("editor")
    assert "operators" not in manager.get(LIST).content.decode()
    form = {"act": "roles", "roles": [power.pk], "zone": ""}
    assert manager.post(page_of(person), form).status_code == 403
    manager.post(LIST, {"username": "eve", "roles": [power.pk], "zone": ""})
    assert not User.objects.filter(groups=power).exists()
    with pytest.raises(PermissionDenied):
        people.invite(make_user("managing editor"), User(username="eve"), [power], "")
    assert not User.objects.filter(username="eve").exists()


def test_a_forged_invitation_makes_no_superuser(manager: Client):
    form = {"username": "eve", "zone": "", "is_superuser": "on", "user_permissions": [1, 2, 3]}
    manager.post(LIST, form)
    eve = User.objects.get(username="eve")
    assert (eve.is_superuser, eve.user_permissions.count(), eve.groups.count()) == (False, 0, 0)


def test_roles_and_zone_are_changed(manager: Client):
    person = make_user("editor")
    form = {"act": "roles", "roles": [group("auditor")], "zone": "Asia/Tokyo"}
    manager.post(page_of(person), form)
    person = User.objects.get(pk=person.pk)
    assert (person.groups.get().name, person.desk.zone) == ("auditor", "Asia/Tokyo")


def test_a_name_is_taken_whatever_its_case(manager: Client):
    make_user(username="Ana")
    form = {"username": "ana", "zone": ""}
    assert manager.post(LIST, form).context["form"].errors["username"]


def test_the_list_asks_the_database_the_same_for_few_and_for_many(manager: Client):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            manager.get(LIST)
        counts.append(len(queries))
        for _ in range(5):
            make_user("editor")
    assert counts[0] == counts[1] <= 20


def test_the_room_itself_lets_nobody_in_who_may_not_manage_people():
    editor, person = make_user("editor"), make_user("contributor")
    before = state_of(person)
    acts: list[Callable[[], object]] = [
        lambda: people.invite(editor, User(username="eve"), [], ""),
        lambda: people.change(editor, person, [], ""),
        lambda: people.renew(editor, person),
        lambda: people.deactivate(editor, person),
        lambda: people.reactivate(editor, person),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert state_of(person) == before
    assert not User.objects.filter(username="eve").exists()


def test_the_room_itself_makes_no_superuser():
    person = User(username="eve", is_superuser=True)
    people.invite(make_user("managing editor"), person, [], "")
    assert not User.objects.get(username="eve").is_superuser


def test_the_link_of_an_account_that_was_closed_otherwise_opens_nothing(manager: Client):
    link = invite(manager, "editor")
    User.objects.filter(username="ana").update(is_active=False)
    assert not Client().get(link, follow=True).context["validlink"]
