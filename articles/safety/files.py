"""Files beside the database: pictures that imports brought, and uploads that wait."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from .manifest import FOLDERS

BESIDE = ".part"
"""What the name of a folder or file ends in until it is whole."""


def kept() -> dict[str, Path]:
    """The site's folders by their name in a backup."""
    places = (settings.MEDIA_ROOT, settings.UPLOAD_FOLDER)
    return dict(zip(FOLDERS, map(Path, places), strict=True))


def files_below(folder: Path) -> Iterator[Path]:
    """Every regular file below a folder, in order; none when it does not exist."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def copy_folder(source: Path, target: Path) -> int:
    """Copy what a folder holds; how many files. One that goes away meanwhile is left out.

    A file is written beside and renamed, so that readers never meet half of one.
    """
    count = 0
    for path in files_below(source):
        there = target / path.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        beside = there.with_name(there.name + BESIDE)
        try:
            shutil.copy2(path, beside)
        except FileNotFoundError:
            continue
        beside.replace(there)
        count += 1
    return count


def sync_to_disk(folder: Path) -> None:
    """Nothing below is lost to a power cut any more."""
    for path in [folder, *folder.rglob("*")]:
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
