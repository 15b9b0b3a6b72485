"""Who has an article's form open, and what was typed there and not saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q

from ..models import OpenForm

Typed = dict[str, list[str]]
"""Name of a form's field → its values as typed."""

TOKEN = "_typing"
"""The name under which each shown form sends its own token along."""

PRESENT = timedelta(minutes=2)
"""An open form is heard from every 30 seconds, in a hidden tab every minute; after this long it is
taken for closed."""

REMEMBERED = timedelta(days=1)
"""How long others are warned of what somebody typed and left; the typing itself stays."""


@dataclass(frozen=True)
class Other:
    """Somebody else at the same form; `minutes` since the last sign, or the last keystroke."""

    name: str
    minutes: int
    is_here: bool
    has_typed: bool

    def __str__(self) -> str:
        when = f"{self.minutes} min ago" if self.minutes else "just now"
        if not self.is_here:
            return f"{self.name} left unsaved changes {when}"
        if self.has_typed:
            return f"{self.name} has it open and typed {when}"
        return f"{self.name} has it open"


def see(article: int, person: User, version: int, now: datetime) -> None:
    """Note that the form is open, by the article's id; what is kept of its typing stays."""
    _, is_new = OpenForm.objects.update_or_create(
        article_id=article,
        person=person,
        defaults={"seen_at": now},
        create_defaults={"seen_at": now, "version": version},
    )
    if is_new:
        closed = OpenForm.objects.filter(person=person, seen_at__lt=now - PRESENT)
        closed.filter(typed__isnull=True).delete()


def keep(
    article: int, person: User, version: int, typed: Mapping[str, list[str]], now: datetime
) -> None:
    """Keep a working copy of what is typed; the newest replaces the one before."""
    values = {"seen_at": now, "typed_at": now, "version": version, "typed": dict(typed)}
    OpenForm.objects.update_or_create(article_id=article, person=person, defaults=values)


def settle(article: int, person: User, token: str = "") -> None:
    """What was typed is saved, or discarded by its author; with a token, only that form's."""
    for row in OpenForm.objects.filter(article_id=article, person=person, typed__isnull=False):
        if not token or (row.typed or {}).get(TOKEN) == [token]:
            row.typed = row.typed_at = None
            row.save(update_fields=["typed", "typed_at"])


def at(article: int, person: User, now: datetime) -> tuple[OpenForm | None, list[Other]]:
    """(the person's working copy if anything is unsaved, everybody else); one query."""
    own, others = None, []
    recent = Q(person=person) | Q(seen_at__gte=now - REMEMBERED)
    rows = OpenForm.objects.filter(recent, article_id=article).select_related("person")
    for row in rows.order_by("-seen_at"):
        if row.person_id == person.pk:
            own = row if row.typed else None
        elif other := _other(row, now):
            others.append(other)
    return own, others


def _other(row: OpenForm, now: datetime) -> Other | None:
    is_here, has_typed = now - row.seen_at <= PRESENT, bool(row.typed)
    if not is_here and not has_typed:
        return None
    since = row.typed_at if has_typed and row.typed_at else row.seen_at
    name = row.person.get_full_name() or row.person.get_username()
    return Other(name, max(int((now - since).total_seconds()) // 60, 0), is_here, has_typed)
