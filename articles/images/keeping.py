"""Keeps pictures: decoded apart, encoded anew, stored under the digest of the file they came as."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ..identity import number
from ..models import Picture, PictureKind, PictureSource
from . import store
from .darkroom import Refused, develop
from .recipe import ORIGINALS, Focus, name, original, stamp, tint, token

LONGEST_FAILURE = 300
WITHDRAWN = "Its article was withdrawn."
"""Why a picture is not kept again."""


def keep(data: bytes, kind: PictureKind, *, is_waiting: bool = False) -> Picture:
    """The picture of a file, kept when it was not before; raises Refused.

    Takes up to seconds, so call it outside a transaction. Its renditions are made with it, or
    with `is_waiting` by whoever works in the background.
    """
    digest = sha256(data).hexdigest()
    known = Picture.objects.filter(digest=digest, kind=kind).first()
    if known is not None:
        return known
    focus = Focus()
    made = develop(data, kind, None if is_waiting else focus)
    store.put(original_name(digest, kind), made.original)
    asked_by = token(digest, kind, settings.SECRET_KEY)
    put_renditions(asked_by, made.made, stamp(focus))
    now = timezone.now()
    picture, _ = Picture.objects.get_or_create(
        digest=digest,
        kind=kind,
        defaults={
            "token": asked_by,
            "width": made.width,
            "height": made.height,
            "size": len(made.original),
            "kept_digest": sha256(made.original).hexdigest(),
            "tint": tint(*made.colour),
            "stamp": "" if is_waiting else stamp(focus),
            "is_due": is_waiting,
            "kept_at": now,
            "changed_at": now,
        },
    )
    return picture


def original_name(digest: str, kind: str) -> str:
    """Where a picture of that kind lies as it is kept."""
    return original(digest, ORIGINALS[kind][0])


def put_renditions(token: str, made: Any, by: str) -> None:
    """Store (rendition, bytes) pairs of the picture of that token, made by that stamp."""
    for one, data in made:
        store.put(name(token, one.place, one.size[0], by, one.format), data)


def address_number(kind: str, address: str) -> int:
    """By which the source of an address is found."""
    return number(f"{kind} {address}")


def source_of(kind: PictureKind, address: str) -> PictureSource:
    """What is known of an address; nothing yet for a new one, which is not saved."""
    found = address_number(kind, address)
    known = PictureSource.objects.filter(number=found).first()
    return known or PictureSource(kind=kind, address=address, number=found)


def take(source: PictureSource, data: bytes, at: datetime) -> bool:
    """Keep what was got for a source, and remember it; False when it is no picture to keep.

    Bytes that were taken, or refused, before are not looked at again.
    """
    digest = sha256(data).hexdigest()
    if source.digest == digest and (source.picture_id or source.failure):
        source.tried_at = at
        save(source)
        return bool(source.picture_id)
    source.digest, source.tried_at = digest, at
    source.attempts, source.retry_at = 0, None
    try:
        source.picture, source.failure = keep(data, PictureKind(source.kind)), ""
    except Refused as refusal:
        source.picture, source.failure = None, str(refusal)[:LONGEST_FAILURE]
    save(source)
    return source.picture is not None


def save(source: PictureSource) -> None:
    """Store what is known of a source; of two who learn of an address at once the later counts."""
    if source.pk is None and source.number is not None:
        known = PictureSource.objects.filter(number=source.number).only("pk").first()
        source.pk = known.pk if known else None
    source.save(force_insert=source.pk is None)


def named(kind: PictureKind, addresses: set[str]) -> Q:
    """The sources of these addresses."""
    return Q(number__in=[address_number(kind, address) for address in addresses])
