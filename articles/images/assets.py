"""The pictures that files name, and those of them in their content folder's own `assets/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from django.utils import timezone

from ..models import PictureKind, PictureSource
from .darkroom import MOST_BYTES
from .keeping import WITHDRAWN, address_number, take

FOLDER = "assets"
MOST_IMAGES = 10
"""Of one article are kept and shown; no real file names as many."""
LONGEST_SAID = 200
_CLOCKS = timedelta(seconds=2)
"""As far as the clock of a file system may be behind."""


def main_address(images: Any) -> str:
    """The address of the first of an article's images, or empty."""
    first = images[0] if isinstance(images, list) and images else None
    return str(first.get("url") or "") if isinstance(first, Mapping) else ""


def addresses_of(images: Any) -> list[str]:
    """The addresses of a provider's or a topic's images."""
    found = images if isinstance(images, list) else []
    urls = [one.get("url") for one in found if isinstance(one, Mapping)]
    return [url for url in urls if url and isinstance(url, str)]


def article_addresses(images: Any) -> list[str]:
    """The addresses of an article's images, the main one first."""
    return addresses_of(images)[:MOST_IMAGES]


class Said(NamedTuple):
    """What a file says of one of its images."""

    title: str = ""
    attribution: str = ""


def said_of(images: Any, address: str) -> Said:
    """What an article's list says of the image at that address, each on one line."""
    found = images if isinstance(images, list) else []
    for one in found:
        if isinstance(one, Mapping) and address and one.get("url") == address:
            return Said(_line(one.get("title")), _line(one.get("attribution")))
    return Said()


def _line(value: object) -> str:
    return " ".join(value.split())[:LONGEST_SAID] if isinstance(value, str) else ""


def local_path(address: str) -> str:
    """The path of a site-relative picture below a content folder, or empty."""
    parts = PurePosixPath(address).parts
    if len(parts) < 3 or parts[:2] != ("/", FOLDER) or ".." in parts:
        return ""
    return str(PurePosixPath(*parts[1:]))


def keep_local(
    kind: PictureKind, roots: Iterable[Path], addresses: Iterable[str]
) -> list[PictureSource]:
    """Keep the pictures at these addresses that lie in one of the content folders, and nothing
    from outside them; those are read that were written since they were read last.

    Answers what was refused now.
    """
    local = {address: path for address in addresses if (path := local_path(address))}
    numbers = [address_number(kind, address) for address in local]
    found = PictureSource.objects.filter(number__among=numbers)
    known = {source.address: source for source in found}
    refused = []
    for root in sorted(set(roots)):
        for address, path in sorted(local.items()):
            source = known.get(address) or _unknown(kind, address)
            data = None if source.failure == WITHDRAWN else _read(root, path, source.tried_at)
            if data is not None:
                before, known[address] = source.digest, source
                if not take(source, data, timezone.now()) and source.digest != before:
                    refused.append(source)
    return refused


def written_anew(roots: Iterable[Path]) -> list[PictureSource]:
    """The sources of pictures in these content folders that were written since they were read:
    a file that names one may be as it was."""
    sources = list(PictureSource.objects.filter(address__startswith=f"/{FOLDER}/"))
    return [
        source
        for root in sorted(set(roots))
        for source in sources
        if source.failure != WITHDRAWN and _file(root, local_path(source.address), source.tried_at)
    ]


def _unknown(kind: PictureKind, address: str) -> PictureSource:
    return PictureSource(kind=kind, address=address, number=address_number(kind, address))


def _read(root: Path, path: str, since: datetime | None) -> bytes | None:
    file = _file(root, path, since)
    if file is None:
        return None
    with open(file, "rb") as opened:
        # One byte more than is ever kept: enough to be refused for.
        return opened.read(MOST_BYTES + 1)


def _file(root: Path, path: str, since: datetime | None) -> Path | None:
    """The file below the folder, if it is one and was written (or moved there) since that time."""
    file = root / path
    if not path or not file.is_file() or root.resolve() not in file.resolve().parents:
        return None
    # When its content was changed may be told to be any time; when its entry was, may not.
    is_old = since is not None and file.stat().st_ctime < (since - _CLOCKS).timestamp()
    return None if is_old else file
