"""Pins, boosts and buries: what editors say of a story's place on the front page, for a time.

No row of the order changes with them: the few that are running are merged into it when it is read.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import LAST_PIN, Article, Placement
from ..snapshots import remember_soon, running
from ..states import State
from ..workflow import audit
from ..workflow.effects import in_utc
from ..workflow.errors import NotPermitted, ReasonMissing, WrongState
from ..workflow.rows import locked
from ..workflow.wording import stale
from . import heritage

PERMISSION = "articles.rank"
PLACE, UNPLACE = "place", "unplace"
"""What the audit calls them."""

LONGEST = timedelta(days=14)
"""What is forgotten ends all the same."""

MOST = 50
"""Placements that may run at once: they are merged in memory."""

SHIFTS = {Placement.Kind.BOOST: (1, 2, 3), Placement.Kind.BURY: (-2, -4, -6)}
"""Doublings of the heat that a boost or a bury may count for."""


def place(
    lead: Article,
    kind: str,
    actor: User,
    *,
    expected_version: int,
    reason: str,
    until: datetime,
    number: int,
) -> Placement:
    """Pin, boost or bury the story that a published article leads, until a time (aware).

    `number` is the place of a pin, 1 to LAST_PIN, or the shift of the others, one of SHIFTS. It
    takes the place of what was said before. Raises StaleVersion, WrongState, NotPermitted,
    ReasonMissing, and ValidationError by field.
    """
    with transaction.atomic():
        row, now = _held(lead, actor, expected_version), timezone.now()
        if row.state != State.PUBLISHED:
            raise WrongState("Only a published story has a place on the front page.")
        if not reason.strip():
            raise ReasonMissing("Say why; colleagues will read it.")
        columns = _checked(kind, until, number, now) | {"reason": reason.strip()[:500]}
        _check_room(row, kind, now)
        before = _of(row)
        Placement.objects.filter(story=row.story_id).delete()
        made = Placement.objects.create(
            story_id=row.story_id, actor=actor, begins_at=now, **columns
        )
        _write_down(row, PLACE, actor, now, before, f"{said(made)}: {made.reason}")
        return made


def unplace(lead: Article, actor: User, *, expected_version: int) -> None:
    """End what is said of a story's place. Raises as `place`."""
    with transaction.atomic():
        row = _held(lead, actor, expected_version)
        before = _of(row)
        if before is None:
            raise WrongState("Nothing is said of its place.")
        before.delete()
        _write_down(row, UNPLACE, actor, timezone.now(), before, f"no longer {said(before)}")


def put_back(story_id: int, kept: dict[str, Any] | None) -> None:
    """Let a story be placed as it was before an act; None: not at all."""
    Placement.objects.filter(story=story_id).delete()
    if kept:
        heritage.place_again(kept | {"story_id": story_id})


def said(placement: Placement) -> str:
    """`pinned to place 2`, `boosted 4 ×`, `buried to a sixteenth`."""
    if placement.kind == Placement.Kind.PIN:
        return f"pinned to place {placement.place}"
    times = 2 ** abs(placement.shift)
    if placement.kind == Placement.Kind.BOOST:
        return f"boosted: counts as {times} times as hot"
    return f"buried: counts as a {ORDINALS[times]} as hot"


ORDINALS = {4: "quarter", 16: "sixteenth", 64: "sixty-fourth"}


def _held(lead: Article, actor: User, expected_version: int) -> Article:
    if not actor.has_perm(PERMISSION):
        raise NotPermitted("This needs the permission to rank.")
    row = locked(lead.pk)
    if row.version != expected_version:
        raise stale(row, timezone.now())
    if not row.is_lead:
        raise WrongState("Another article leads this story; place that one.")
    return row


def _of(row: Article) -> Placement | None:
    return Placement.objects.filter(story=row.story_id).first()


def _check_room(row: Article, kind: str, now: datetime) -> None:
    others = running(now).exclude(story=row.story_id)
    if others.count() >= MOST:
        raise WrongState(f"{MOST} stories have been given places already; end one first.")
    if kind == Placement.Kind.PIN and others.filter(kind=kind).count() >= LAST_PIN:
        raise WrongState(f"{LAST_PIN} stories are pinned already; end one first.")


def _checked(kind: str, until: datetime, number: int, now: datetime) -> dict[str, Any]:
    until = in_utc("until", until) or now
    if not now < until <= now + LONGEST:
        raise ValidationError({"until": f"It should end within {LONGEST.days} days from now."})
    if kind == Placement.Kind.PIN:
        if not 1 <= number <= LAST_PIN:
            raise ValidationError({"number": f"A story is pinned to a place from 1 to {LAST_PIN}."})
        return {"kind": kind, "place": number, "ends_at": until}
    if kind not in SHIFTS or number not in SHIFTS[Placement.Kind(kind)]:
        raise ValidationError({"number": "Say how strong a boost or a bury is."})
    return {"kind": kind, "shift": number, "ends_at": until}


def _write_down(
    row: Article, action: str, actor: User, now: datetime, before: Placement | None, says: str
) -> None:
    remember_soon()
    Article.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.version += 1
    audit.write_down(
        row,
        action,
        actor,
        now,
        from_state=row.state,
        comment=says,
        before={"columns": {}, "placement": heritage.placed(before) if before else None},
    )
