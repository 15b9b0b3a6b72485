"""Signing in, kept on record; and the sessions that go on, which their owner may end."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from ..models import SignIn
from . import second_step
from .visitors import address_of

Outcome = SignIn.Outcome


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_signal: Any) -> None:
    second_step.begin(request, user)
    if not request.session.session_key:
        request.session.create()
    note(request, Outcome.SIGNED_IN, user, session_id=request.session.session_key)


@receiver(user_login_failed)
def _refused(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any
) -> None:
    if request is not None and not getattr(request, "axes_locked_out", False):
        note(request, Outcome.REFUSED, _named(credentials.get("username")))


@receiver(user_locked_out)
def _locked(request: HttpRequest, username: str, **_signal: Any) -> None:
    note(request, Outcome.LOCKED, _named(username))


def note(request: HttpRequest, outcome: Outcome, user: User | None, **more: Any) -> None:
    """Put an attempt on record. A name that no account has may be a password, so it is not."""
    SignIn.objects.create(
        outcome=outcome,
        person=user,
        username=user.get_username() if user else "",
        address=address_of(request),
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        at=timezone.now(),
        **more,
    )


def sessions_of(person: User) -> QuerySet[SignIn]:
    """The sign-ins of a person whose sessions go on, newest first."""
    going = SignIn.objects.filter(person=person, session__expire_date__gt=timezone.now())
    return going.order_by("-id")


def end(person: User, sign_ins: QuerySet[SignIn]) -> int:
    """End these sessions of a person; how many there were."""
    keys = list(sign_ins.filter(person=person).values_list("session", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def _named(username: object) -> User | None:
    return User.objects.filter(username=username).first() if username else None
