"""The second step of signing in: a code from a telephone, or one of ten that were written down.

Who has it is asked at every sign-in; REQUIRE_TOTP says who must have it. The keys and the codes are
django-otp's.
"""

from __future__ import annotations

from base64 import b32encode
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user, match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

STATE = "second_step"
"""Where a session says ASKED or PASSED; it says nothing of people without a second step."""
ASKED, PASSED = "asked", "passed"

PUBLISHING = "articles.publish"
CODES = 10
KEY_BYTES = 20
SALT = "articles.second_step"
PAGE_SECONDS = 3600


def begin(request: HttpRequest, user: User) -> None:
    """Remember at a sign-in whether a code has to follow."""
    request.session.pop(STATE, None)
    if user_has_device(user):
        request.session[STATE] = ASKED


def is_missing(request: HttpRequest) -> bool:
    """Whether this session has still to give a code, or its person to set one up."""
    state = request.session.get(STATE)
    return state == ASKED or (state is None and is_required(request.user))


def is_asked(request: HttpRequest) -> bool:
    """Whether a code is waited for."""
    return bool(request.session.get(STATE) == ASKED)


def is_required(user: Any) -> bool:
    """Whether REQUIRE_TOTP means this person."""
    everybody, publishers = (word == settings.REQUIRE_TOTP for word in ("staff", "publishers"))
    return everybody or (publishers and bool(user.has_perm(PUBLISHING)))


def passes(request: HttpRequest, user: User, code: str) -> bool:
    """Whether a code is right; each works once, and wrong ones make the next wait longer."""
    if match_token(user, _plain(code)) is None:
        return False
    request.session[STATE] = PASSED
    request.session.cycle_key()
    return True


def is_on(user: User) -> bool:
    """Whether a person has a second step."""
    return bool(user_has_device(user))


def codes_left(user: User) -> int:
    """How many of the written-down codes were not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def offer(user: User) -> str:
    """A new key, signed for this person, who keeps it in a page until a code proves it."""
    return signing.dumps({"user": user.pk, "key": token_hex(KEY_BYTES)}, salt=SALT)


def address_of_key(user: User, offered: str) -> str:
    """What a telephone reads from the picture of a key."""
    name = f"{settings.SITE_NAME}:{user.get_username()}"
    said = urlencode(
        {"secret": spelt(user, offered), "issuer": settings.SITE_NAME}, quote_via=quote
    )
    return f"otpauth://totp/{quote(name)}?{said}"


def spelt(user: User, offered: str) -> str:
    """The key for people who type it. Raises PermissionDenied for one that was not offered."""
    return b32encode(bytes.fromhex(_key(user, offered))).decode().rstrip("=")


@transaction.atomic
def turn_on(request: HttpRequest, user: User, offered: str, code: str) -> list[str]:
    """Set up an offered key that this code proves; the codes to write down, none if it does not."""
    device = TOTPDevice.objects.create(user=user, name="telephone", key=_key(user, offered))
    if not device.verify_token(_plain(code)):
        device.delete()
        return []
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    request.session[STATE] = PASSED
    log(user, user, "Set up the second step.")
    return new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten new codes in place of those that there were."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="codes")
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def turn_off(actor: User, person: User) -> None:
    """Take the second step of a person away; the caller checks the right."""
    for device in devices_for_user(person, confirmed=None):
        device.delete()
    log(actor, person, "Took the second step away.")


def log(actor: User, person: User, said: str) -> None:
    """Put on record what was done to an account."""
    LogEntry.objects.log_actions(
        user_id=actor.pk, queryset=[person], action_flag=CHANGE, change_message=said
    )


def _key(user: User, offered: str) -> str:
    try:
        said = signing.loads(offered, salt=SALT, max_age=PAGE_SECONDS)
    except signing.BadSignature as error:
        raise PermissionDenied("This page is too old; open it again.") from error
    if said["user"] != user.pk:
        raise PermissionDenied("This key was offered to somebody else.")
    return str(said["key"])


def _plain(code: str) -> str:
    """As people type it, in groups or with capitals."""
    return "".join(code.split()).lower()
