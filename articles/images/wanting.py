"""Which addresses the site would like to have the picture of, and has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db.models import Q

from providers.models import Policy, Provider

from ..models import Article, PictureKind, PictureSource
from ..states import State
from .assets import article_addresses
from .keeping import address_number

RECENT = timedelta(days=14)
"""How far back the background looks; the command looks at everything."""
_AT_ONCE = 500
_WORTH_ONE = (
    *(State.PUBLISHED, State.NEW, State.IN_REVIEW, State.CHANGES_REQUESTED),
    *(State.APPROVED, State.UNPUBLISHED),
)


class Wanted(NamedTuple):
    """A picture that is to be got."""

    kind: PictureKind
    address: str


def wanted(at: datetime, since: datetime | None = None) -> Iterator[Wanted]:
    """What is to be asked for now: logos, then pictures of leads, the newest first; of those
    published after `since` only, where it is given.

    Each address once. Nothing that is here, was refused for good, or waits to be asked again;
    nothing of a provider that is blocked, no picture of one that wants title and link only.
    """
    seen: set[Wanted] = set()
    for some in _batches(chain(_logos(), _pictures(since))):
        fresh = [one for one in dict.fromkeys(some) if one not in seen]
        seen.update(fresh)
        settled = _settled(fresh, at)
        yield from (one for one in fresh if address_number(*one) not in settled)


def _batches(found: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    batch: list[Wanted] = []
    for one in found:
        batch.append(one)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch


def _settled(some: Iterable[Wanted], at: datetime) -> set[int]:
    numbers = [address_number(*one) for one in some]
    later = Q(retry_at__isnull=True) | Q(retry_at__gt=at)
    known = PictureSource.objects.filter(number__in=numbers).filter(later)
    return {number for number in known.values_list("number", flat=True) if number is not None}


def _logos() -> Iterator[Wanted]:
    providers = Provider.objects.exclude(policy=Policy.BLOCKED).exclude(images=[])
    for images in providers.order_by("domain").values_list("images", flat=True).iterator():
        logos = [one for one in images if isinstance(one, dict) and _is_web(one.get("url"))]
        if logos:
            largest = max(logos, key=lambda logo: _number(logo.get("width")))
            yield Wanted(PictureKind.LOGO, largest["url"])


def _pictures(since: datetime | None) -> Iterator[Wanted]:
    rows = Article.objects.filter(is_lead=True, state__in=_WORTH_ONE, images__isnull=False)
    rows = rows.exclude(Q(provider__policy=Policy.BLOCKED) | Q(provider__is_link_only=True))
    if since is not None:
        rows = rows.filter(published_at__gt=since)
    newest = rows.order_by("-published_at", "-pk").values_list("images", flat=True)
    for images in newest.iterator():
        for address in article_addresses(images):
            if _is_web(address):
                yield Wanted(PictureKind.PICTURE, address)


def _is_web(address: object) -> bool:
    return isinstance(address, str) and address.lower().startswith(("http://", "https://"))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
