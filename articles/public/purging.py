"""Tells a CDN what to forget once what is public has changed (PURGE_URL), for the worker.

Everything until a place in the log of changes, in two rounds: at once, and once more when every
page has been answered whose making began before. A round that fails tells the same again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpcore
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from .. import tasks
from ..images import bringing
from ..images.recipe import purge_key
from ..models import Change, Edition, PictureKind, PictureSource, Purge, Task, Transition
from ..tasks import Later
from . import surrogates
from .responses import release

KIND = "purge"
ROUNDS = {"at once": timedelta(0), "once more": timedelta(seconds=45)}
"""How long after a change each round comes; no page takes longer to make (STATEMENT_SECONDS)."""

AT_ONCE = 30
"""Keys of one request; CDNs take no fewer."""

MANY = 600
"""When more stories changed the whole site is forgotten."""

OVERLAP = timedelta(minutes=2)
"""What is known by its time alone may be committed as late."""

SECONDS = 10
PICTURE = purge_key("")


class NotPurged(RuntimeError):
    """The CDN refused; the message says how."""


class _Standing(NamedTuple):
    edition: int
    number: int
    at: datetime
    made_of: str


def look(at: datetime) -> None:
    """Ask for every round that what changed calls for; at most four queries."""
    if not settings.PURGE_URL:
        return
    now = _standing(at)
    rows = {row.round: row for row in Purge.objects.all()}
    for name, delay in ROUNDS.items():
        row = rows.get(name)
        if row is None:
            # What was kept before anybody was told is not known by its keys.
            row = Purge.objects.create(round=name, **now._replace(edition=-1)._asdict())
        if (row.edition, row.made_of) != (now.edition, now.made_of):
            tasks.look_after(KIND, name, at + delay)


def work_on(key: str) -> str:
    """Tell of what changed since that round told last, or of one picture that was deleted."""
    if not settings.PURGE_URL:
        return f"purge {key}: there is no PURGE_URL any more"
    if key.startswith(PICTURE):
        _tell([key])
        return f"purge {key}: done"
    row = Purge.objects.get(round=key)
    now = _standing(timezone.now())
    if settings.REPLICA and (behind := _is_behind(now.edition)):
        raise Later(behind)
    keys = list(_changed(row, now))
    _tell(keys)
    # A round that somebody else ends meanwhile told of no less.
    Purge.objects.filter(pk=row.pk, edition=row.edition).update(**now._asdict())
    return f"purge {key}: {len(keys)} keys"


def is_told() -> bool | None:
    """Whether the CDN knows of all that changed; None where there is none to tell."""
    if not settings.PURGE_URL:
        return None
    told = dict(Purge.objects.values_list("round", "edition"))
    edition = _standing(timezone.now()).edition
    return all(told.get(name) == edition for name in ROUNDS) and not _pictures_wait()


def _pictures_wait() -> bool:
    left = Task.objects.exclude(standing=Task.Standing.DONE)
    return left.filter(kind=KIND, key__startswith=PICTURE).exists()


def _standing(at: datetime) -> _Standing:
    # The edition first: what is committed meanwhile is told twice, not never.
    edition = Edition.objects.aggregate(sum=Sum("number"))["sum"] or 0
    number = Change.objects.filter(number__gt=0).aggregate(last=Max("number"))["last"] or 0
    return _Standing(edition, number, at, release())


def _is_behind(edition: int) -> str:
    """Why pages would still be made of what was; empty when the replica is in step, or away."""
    try:
        here = Edition.objects.using(settings.REPLICA).aggregate(sum=Sum("number"))["sum"]
    except DatabaseError:
        # Then pages are read from the database itself.
        return ""
    return "the replica is not there yet" if (here or 0) < edition else ""


def _changed(row: Purge, now: _Standing) -> Iterator[str]:
    """The keys of all that may show what changed."""
    if row.edition < 0 or row.made_of != now.made_of:
        yield surrogates.SITE
        return
    late = row.at - OVERLAP
    logos = PictureSource.objects.filter(kind=PictureKind.LOGO, picture__changed_at__gt=late)
    if logos.exists():
        # Any page may show it.
        yield surrogates.SITE
        return
    stories = _some(Change.objects.filter(number__gt=row.number), "story")
    shown = Q(action=bringing.ACTION) | ~Q(public_note="")
    acts = Transition.objects.filter(shown, Q(at__gt=late) | Q(undone_by__at__gt=late))
    stories |= _some(acts, "article__story")
    changed = Q(picture__changed_at__gt=late) | Q(tried_at__gt=late, picture__isnull=False)
    pictures = PictureSource.objects.filter(changed, kind=PictureKind.PICTURE)
    stories |= _some(pictures, "article__story")
    numbers = _some(pictures, "number")
    if len(stories) + len(numbers) > MANY:
        yield surrogates.SITE
        return
    yield surrogates.LISTS
    yield from map(surrogates.of_story, sorted(stories))
    yield from map(surrogates.of_address, sorted(numbers))


def _some(rows: QuerySet[Any], column: str) -> set[int]:
    found = rows.filter(**{f"{column}__isnull": False}).order_by().values_list(column, flat=True)
    return set(found[: MANY + 1])


def _tell(keys: list[str]) -> None:
    """Raises NotPurged, and what httpcore raises."""
    name, _, value = settings.PURGE_HEADER.partition(":")
    own = {name.strip(): value.strip()} if name else {}
    patience = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    with httpcore.ConnectionPool() as pool:
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            answer = pool.request(
                "POST",
                settings.PURGE_URL,
                headers=list((own | surrogates.asking(some)).items()),
                content=surrogates.asked(some),
                extensions={"timeout": patience},
            )
            if not 200 <= answer.status < 300:
                raise NotPurged(f"the CDN answered {answer.status}")
