"""Signing in: guessed at in vain, in two steps, on record, and ended by its owner."""

from __future__ import annotations

import re
import time
from base64 import b32decode
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.desk import second_step
from articles.models import SignIn
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long and winding road"
LOGIN = "/admin/login/"
ACCOUNT = "/admin/articles/person/account/"
SECOND = "/admin/articles/person/second-step/"
ENROL = "/admin/articles/person/second-step/set-up/"


@pytest.fixture
def ana() -> User:
    """A publisher with a password."""
    person = make_user("publisher")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(person: User, password: str = PASSWORD, **more: Any) -> tuple[Client, Any]:
    client = Client(headers={"user-agent": "A browser"})
    data = {"username": person.username, "password": password, "next": "/admin/"}
    return client, client.post(LOGIN, data, **more)


def code_of(key: bytes, steps: int = 0) -> str:
    clock = TOTP(key)
    clock.time = time.time() + 30 * steps
    return f"{clock.token():06d}"


def codes() -> Iterator[str]:
    """The codes of the only telephone, none of them used twice."""
    device = TOTPDevice.objects.get()
    for steps in (0, 1):
        device.refresh_from_db()
        TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
        yield code_of(device.bin_key, steps)


def set_up(client: Client) -> list[str]:
    """Go the way of the page; the codes to write down."""
    page = client.get(ENROL).content.decode()
    found = re.search(r'account-key">([A-Z2-7 ]+)<', page)
    assert found
    key = found[1].replace(" ", "")
    offered = re.search(r'name="offered" value="([^"]+)"', page)
    assert offered
    raw = b32decode(key + "=" * (-len(key) % 8))
    answer = client.post(ENROL, {"offered": offered[1], "code": code_of(raw)})
    return re.findall(r"<code>([a-z2-7]{8})</code>", answer.content.decode())


def test_five_wrong_passwords_make_a_name_wait_at_that_address_alone(ana: User):
    for _ in range(4):
        assert sign_in(ana, "wrong")[1].status_code == 200
    answer = sign_in(ana, "wrong")[1]
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Too many wrong passwords" in answer.content.decode()
    assert sign_in(ana)[1].status_code == 429
    assert sign_in(ana, REMOTE_ADDR="192.0.2.7")[1].status_code == 302
    assert sign_in(make_user("editor"), "wrong")[1].status_code == 200


def test_a_right_password_forgives_the_wrong_ones_before(ana: User):
    for _ in range(2):
        for _ in range(4):
            sign_in(ana, "wrong")
        assert sign_in(ana)[1].status_code == 302


def test_every_attempt_is_on_record_and_no_password_with_it(ana: User):
    sign_in(ana)
    sign_in(ana, "wrong")
    Client().post(LOGIN, {"username": PASSWORD, "password": "x"})
    found = SignIn.objects.order_by("pk").values_list("outcome", "username", "agent")
    assert list(found) == [
        ("in", ana.username, "A browser"),
        ("refused", ana.username, "A browser"),
        ("refused", "", ""),
    ]


def test_behind_a_trusted_proxy_the_visitor_is_whom_the_proxy_saw(ana: User, settings):
    told = {"HTTP_X_FORWARDED_FOR": "10.9.9.9, 192.0.2.9", "REMOTE_ADDR": "127.0.0.1"}
    sign_in(ana, **told)
    settings.TRUST_PROXY = True
    sign_in(ana, **told)
    addresses = SignIn.objects.order_by("pk").values_list("address", flat=True)
    assert list(addresses) == ["127.0.0.1", "192.0.2.9"]


def test_who_set_up_a_second_step_is_asked_for_it_and_reaches_nothing_before(ana: User):
    client, _ = sign_in(ana)
    assert len(set_up(client)) == 10
    client, answer = sign_in(ana)
    for page in ("/admin/", "/admin/articles/article/", ACCOUNT, ENROL):
        answer = client.get(page, follow=True)
        assert answer.redirect_chain[-1][0].startswith(SECOND), page
    answer = client.post(SECOND, {"code": "000000", "next": "/admin/articles/article/"})
    assert "not right" in answer.content.decode()
    good = next(codes())
    answer = client.post(SECOND, {"code": f"{good[:3]} {good[3:]}", "next": ACCOUNT})
    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert client.get(ACCOUNT).status_code == 200
    assert SignIn.objects.filter(outcome="second").count() == 1


def test_a_written_down_code_works_once(ana: User):
    written = set_up(sign_in(ana)[0])
    client, _ = sign_in(ana)
    assert client.post(SECOND, {"code": written[0].upper()}).status_code == 302
    client, _ = sign_in(ana)
    assert client.post(SECOND, {"code": written[0]}).status_code == 200
    assert second_step.codes_left(ana) == 9


def test_a_step_that_publishers_need_is_set_up_before_the_desk_opens(ana: User, settings):
    settings.REQUIRE_TOTP = "publishers"
    client, _ = sign_in(ana)
    answer = client.get("/admin/articles/article/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(ENROL)
    assert "Your role needs a second step here" in answer.content.decode()
    set_up(client)
    assert client.get("/admin/articles/article/").status_code == 200
    editor = Client()
    editor.force_login(make_user("editor"))
    assert editor.get("/admin/").status_code == 200
    settings.REQUIRE_TOTP = "staff"
    assert editor.get("/admin/").status_code == 302


def test_a_wrong_code_sets_nothing_up_and_a_key_is_its_own_persons(ana: User):
    client, _ = sign_in(ana)
    assert client.post(ENROL, {"offered": second_step.offer(ana), "code": "1"}).status_code == 200
    foreign = second_step.offer(make_user("editor"))
    assert client.post(ENROL, {"offered": foreign, "code": "1"}).status_code == 403
    assert not TOTPDevice.objects.exists()


def test_setting_it_up_ends_the_other_sessions(ana: User):
    first, _ = sign_in(ana)
    second, _ = sign_in(ana)
    set_up(second)
    assert first.get("/admin/").status_code == 302
    assert second.get("/admin/").status_code == 200


def test_it_is_turned_off_by_a_code_unless_the_role_needs_it(ana: User, settings):
    client, _ = sign_in(ana)
    set_up(client)
    client.post(ACCOUNT, {"act": "off", "code": "000000"})
    assert second_step.is_on(ana)
    given = codes()
    settings.REQUIRE_TOTP = "publishers"
    client.post(ACCOUNT, {"act": "off", "code": next(given)})
    assert second_step.is_on(ana)
    settings.REQUIRE_TOTP = "nobody"
    client.post(ACCOUNT, {"act": "off", "code": next(given)})
    assert not second_step.is_on(ana)


def test_an_act_that_the_page_does_not_have_turns_nothing_off_whatever_the_code(ana: User):
    client, _ = sign_in(ana)
    set_up(client)
    for act in ("", "erase"):
        assert client.post(ACCOUNT, {"act": act, "code": next(codes())}).status_code == 403
    assert second_step.is_on(ana)


def test_new_codes_void_the_old_ones(ana: User):
    client, _ = sign_in(ana)
    old = set_up(client)
    answer = client.post(ACCOUNT, {"act": "codes", "code": next(codes())})
    new = re.findall(r"<code>([a-z2-7]{8})</code>", answer.content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert second_step.codes_left(ana) == 10


def test_who_manages_people_takes_it_away_from_who_lost_the_telephone(ana: User):
    client, _ = sign_in(ana)
    set_up(client)
    boss = Client()
    boss.force_login(make_user("managing editor"))
    page = reverse("admin:articles_person_change", args=[ana.pk])
    assert "Take the second step away" in boss.get(page).content.decode()
    boss.post(page, {"act": "second_step"})
    assert not second_step.is_on(ana)
    assert client.get("/admin/").status_code == 302
    assert "Took the second step away" in boss.get(page).content.decode()


def test_a_person_sees_and_ends_own_sessions_and_nobody_elses(ana: User):
    here, _ = sign_in(ana)
    there, _ = sign_in(ana)
    other = Client()
    other.force_login(make_user("editor"))
    page = here.get(ACCOUNT).content.decode()
    assert page.count("A browser") == 2
    assert page.count("this one") == 1
    foreign, mine = (SignIn.objects.filter(person=who) for who in (other_of(other), ana))
    here.post(ACCOUNT, {"act": "end", "sign_in": str(foreign.get().pk)})
    assert other.get("/admin/").status_code == 200
    here.post(ACCOUNT, {"act": "end", "sign_in": str(mine.order_by("-pk")[0].pk)})
    assert there.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def other_of(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_all_other_sessions_end_at_once(ana: User):
    others = [sign_in(ana)[0] for _ in range(3)]
    here, _ = sign_in(ana)
    here.post(ACCOUNT, {"act": "end_others"})
    assert [client.get("/admin/").status_code for client in others] == [302] * 3
    assert here.get("/admin/").status_code == 200


def test_a_session_that_was_signed_out_of_is_no_longer_listed(ana: User):
    client, _ = sign_in(ana)
    client.post("/admin/logout/")
    again, _ = sign_in(ana)
    assert again.get(ACCOUNT).content.decode().count("A browser") == 1


def test_sign_ins_are_listed_for_who_manages_people_alone(ana: User):
    sign_in(ana, "wrong")
    for role, status in (("managing editor", 200), ("publisher", 403), ("auditor", 403)):
        client = Client()
        client.force_login(make_user(role))
        assert client.get("/admin/articles/signin/").status_code == status, role


def test_nobody_is_led_to_another_site_after_the_second_step(ana: User):
    written = set_up(sign_in(ana)[0])
    client, _ = sign_in(ana)
    answer = client.post(SECOND, {"code": written[0], "next": "https://evil.example/"})
    assert answer["Location"] == "/admin/"


def test_a_stranger_sees_neither_page_of_the_second_step():
    for page in (SECOND, ENROL, ACCOUNT):
        assert LOGIN in Client().get(page)["Location"]
