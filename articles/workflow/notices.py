"""Telling people what they should know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User

from ..models import Article, Notice


def tell(
    kind: Notice.Kind,
    article: Article,
    actor: User | None,
    people: Iterable[User],
    now: datetime,
    text: str = "",
) -> None:
    """Leave each of these people a notice, the actor apart: nobody is told what he did himself."""
    Notice.objects.bulk_create(
        Notice(person=person, kind=kind, article=article, actor=actor, text=text, created_at=now)
        for person in people
        if actor is None or person.pk != actor.pk
    )
