"""Looks after what is kept: how much, what is wrong with it, what nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from providers.models import Provider

from ..models import Article, Picture, PictureKind, PictureSource
from . import store
from .assets import addresses_of, article_addresses
from .cards import CARDS
from .darkroom import Refused, format_of
from .keeping import address_number, original_name
from .recipe import stamp
from .rendering import focus_of, forget, names_of, render

YOUNG = timedelta(hours=1)
"""A file as young as that may belong to a picture that is being kept just now."""
A_MONTH = timedelta(days=30)
"""As long cards stay that nobody asked for anew."""
REASONS = 10


class Fault(NamedTuple):
    """`what` is missing, changed, broken or orphaned; `name` is that of the file."""

    what: str
    name: str


@dataclass(slots=True)
class Status:
    """In pictures; `size` in bytes, originals alone. `reasons` are sentences and how often."""

    pictures: int = 0
    logos: int = 0
    size: int = 0
    due: int = 0
    later: int = 0
    refused: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)


def status() -> Status:
    """What is kept and what is not; three queries."""
    is_logo = Q(kind=PictureKind.LOGO)
    kept = Picture.objects.aggregate(
        pictures=Count("pk", filter=~is_logo),
        logos=Count("pk", filter=is_logo),
        size=Sum("size", default=0),
        due=Count("pk", filter=Q(is_due=True)),
    )
    failed = PictureSource.objects.filter(picture=None).exclude(failure="")
    counted = failed.aggregate(
        later=Count("pk", filter=Q(retry_at__isnull=False)),
        refused=Count("pk", filter=Q(retry_at__isnull=True)),
    )
    reasons = failed.values_list("failure").annotate(times=Count("pk"))
    most = list(reasons.order_by("-times", "failure")[:REASONS])
    return Status(**kept, **counted, reasons=most)


def check() -> Iterator[Fault]:
    """Every file that is missing, is not what was stored, or belongs to nothing."""
    standing = set()
    for picture in Picture.objects.order_by("pk").iterator():
        own = original_name(picture.digest, picture.kind)
        standing.add(own)
        if fault := _fault_of_original(picture, own):
            yield fault
        for name in names_of(picture) if picture.stamp else ():
            standing.add(name)
            if fault := _fault_of_rendition(name):
                yield fault
    for name in _files():
        if name not in standing:
            yield Fault("orphaned", name)


def _fault_of_original(picture: Picture, name: str) -> Fault | None:
    try:
        data = store.read(name)
    except FileNotFoundError:
        return Fault("missing", name)
    is_same = picture.kept_digest in ("", sha256(data).hexdigest())
    return None if is_same else Fault("changed", name)


def _fault_of_rendition(name: str) -> Fault | None:
    try:
        found = format_of(store.read(name))
    except FileNotFoundError:
        return Fault("missing", name)
    except Refused:
        return Fault("broken", name)
    meant = {"jpg": "jpeg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    return None if found == meant else Fault("broken", name)


def _files() -> Iterator[str]:
    for folder in (store.ORIGINALS, store.NAME):
        yield from store.names(folder)


def prune(at: datetime, *, is_dry: bool = False) -> list[str]:
    """Delete what nobody needs: pictures that no file names and no editor brought, files of no
    picture, cards that were not asked for in a month. Answers what it is, a line each."""
    lines = []
    for source in _unnamed():
        lines.append(f"no file names {source.address}")
        if not is_dry:
            source.delete()
    for picture in _unused(is_dry=is_dry):
        lines.append(f"nothing shows {picture}")
        if not is_dry:
            forget(picture)
    standing = set(_standing())
    for name in list(_files()):
        if name not in standing and store.changed_at(name) < at - YOUNG:
            lines.append(f"of no picture: {name}")
            _delete(name, is_dry=is_dry)
    for name in list(store.names(CARDS)):
        if store.changed_at(name) < at - A_MONTH:
            lines.append(f"an old card: {name}")
            _delete(name, is_dry=is_dry)
    return lines


def _delete(name: str, *, is_dry: bool) -> None:
    if not is_dry:
        store.delete(name)


def _standing() -> Iterator[str]:
    for picture in Picture.objects.iterator():
        yield original_name(picture.digest, picture.kind)
        yield from names_of(picture)


def _unnamed() -> list[PictureSource]:
    numbers = {
        address_number(PictureKind.LOGO, address)
        for images in Provider.objects.exclude(images=[]).values_list("images", flat=True)
        for address in addresses_of(images)
    }
    rows = Article.objects.filter(images__isnull=False).values_list("images", flat=True)
    numbers |= {
        address_number(PictureKind.PICTURE, address)
        for images in rows.iterator()
        for address in article_addresses(images)
    }
    sources = PictureSource.objects.filter(number__isnull=False)
    return [source for source in sources.iterator() if source.number not in numbers]


def _unused(*, is_dry: bool) -> list[Picture]:
    gone = [source.pk for source in _unnamed()] if is_dry else []
    used = set(
        PictureSource.objects.exclude(pk__in=gone)
        .filter(picture__isnull=False)
        .values_list("picture", flat=True)
    )
    return [one for one in Picture.objects.iterator() if one.pk not in used]


def rebuild(*, is_all: bool = False) -> Iterator[tuple[Picture, bool]]:
    """Make renditions that are missing or made by another recipe, with `is_all` every one anew;
    answers each picture, and whether it could be made."""
    for picture in Picture.objects.order_by("pk").iterator():
        if is_all:
            for name in list(names_of(picture, stamp(focus_of(picture)))):
                store.delete(name)
        is_whole = picture.stamp == stamp(focus_of(picture)) and not picture.is_due
        if is_all or not is_whole or not all(map(store.has, names_of(picture))):
            yield picture, render(picture)
