"""Telling people what they should know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from ..models import Article, Notice
from .mail import READING, send_on_commit


def tell(
    kind: Notice.Kind,
    article: Article,
    actor: User | None,
    people: Iterable[User],
    now: datetime,
    text: str = "",
) -> None:
    """Leave each of these people a notice, the actor apart: nobody is told what he did himself.

    It is mailed once the transaction is committed, where the site sends mail.
    """
    made = Notice.objects.bulk_create(
        Notice(person=person, kind=kind, article=article, actor=actor, text=text, created_at=now)
        for person in people
        if actor is None or person.pk != actor.pk
    )
    send_on_commit(made)


def of(person: User) -> QuerySet[Notice]:
    """A person's notices, newest first, with article and actor; none while he may not read what
    they tell of."""
    if not person.has_perm(READING):
        return Notice.objects.none()
    found = Notice.objects.filter(person=person)
    return found.select_related("article", "actor").order_by("-id")


def unseen(person: User) -> QuerySet[Notice]:
    """Those that he has not read."""
    return of(person).filter(seen_at=None)


def mark_seen(person: User, ids: Iterable[int]) -> int:
    """Note that a person has read these of his notices; how many were news."""
    found = Notice.objects.filter(person=person, seen_at=None, pk__in=list(ids))
    return found.update(seen_at=timezone.now())
