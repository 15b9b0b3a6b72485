"""Where the bytes of pictures lie: a Django storage, local files unless a setting names another."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

NAME = "pictures"
"""Of the storage in the settings, and of the folder of what is served."""
ORIGINALS = "originals"
LOCKS = ".locks"
PART = ".part"


class WholeFiles(FileSystemStorage):
    """Local files, each there as a whole or not at all; one of the same name is replaced."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{uuid4().hex}{PART}")
        try:
            beside.write_bytes(content.read())
            os.replace(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return name


def storage() -> Storage:
    """The one of the settings."""
    return storages[NAME]


def put(name: str, data: bytes) -> None:
    """Keep bytes under a name that says what they are; those that are there already stay."""
    if not has(name):
        storage().save(name, ContentFile(data))


def has(name: str) -> bool:
    return storage().exists(name)


def read(name: str) -> bytes:
    """Raises FileNotFoundError."""
    with storage().open(name, "rb") as file:
        data: bytes = file.read()
    return data


def delete(name: str) -> None:
    """No matter whether it is there."""
    with suppress(FileNotFoundError):
        storage().delete(name)


def url(name: str) -> str:
    """The address of what is served under a name."""
    return storage().url(name)


def names(folder: str) -> Iterator[str]:
    """Every name below a folder, in no order; parts of files are none."""
    try:
        folders, files = storage().listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        if not file.endswith(PART):
            yield f"{folder}/{file}"
    for below in folders:
        yield from names(f"{folder}/{below}")


def changed_at(name: str) -> datetime:
    """When it was stored."""
    return storage().get_modified_time(name)


@contextmanager
def alone(digest: str) -> Iterator[None]:
    """Wait until no other process of this machine works on the picture, then work on it.

    Processes on several machines may do the same work twice; its outcome is the same.
    """
    folder = Path(settings.MEDIA_ROOT) / LOCKS
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / digest[:2], "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
