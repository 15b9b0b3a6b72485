"""Puts a backup back, on either database: checked first, then all of it or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection

from ..lock import exclusive
from . import files, manifest, places
from .copying import NotEmpty, fill, holdings
from .manifest import DATABASE, BackupRefused, Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how many files stand there that the backup does not know."""

    manifest: Manifest
    left: int
    seconds: float


def restore(folder: Path, *, is_replacing: bool = False) -> Restored:
    """Make the site what it was. Everybody signs in again.

    Every digest is compared before anything is touched, those of all rows on the way. Raises
    BackupRefused; NotEmpty unless `is_replacing`, and then files that the backup does not hold
    stay; Busy.
    """
    if settings.READ_ONLY:
        raise BackupRefused("READ_ONLY=1 lets nothing be written; give this command READ_ONLY=0")
    begun, saved = monotonic(), checked(folder)
    if not is_replacing and (held := _here()):
        raise NotEmpty(f"this site holds {held}; --replace puts the backup in their place")
    with exclusive("restore"), tempfile.TemporaryDirectory(prefix=".restore-", dir=_near()) as name:
        copy = Path(name) / DATABASE
        shutil.copyfile(folder / DATABASE, copy)
        # An older backup becomes one of this version, away from the site.
        places.migrate(places.address_of(copy))
        for part, place in files.kept().items():
            files.copy_folder(folder / part, place)
        _put(copy)
    known = {str(path) for path in saved.files}
    left = sum(
        f"{part}/{path.relative_to(place)}" not in known
        for part, place in files.kept().items()
        for path in files.files_below(place)
    )
    return Restored(saved, left, monotonic() - begun)


def checked(folder: Path) -> Manifest:
    """The manifest of a backup that is whole and of no newer version; raises BackupRefused."""
    saved = manifest.read(folder)
    manifest.check_files(folder, saved.files)
    if newer := manifest.unknown_migrations(saved.migrations):
        raise BackupRefused(f"the backup is of a newer version, which has {', '.join(newer)}")
    return saved


def _here() -> str:
    """What is here already; a database without tables holds nothing."""
    tables = connection.introspection.table_names()
    return holdings(DEFAULT_DB_ALIAS) if "articles_article" in tables else ""


def _near() -> str | None:
    """Where a copy of the database has room: beside the site's own."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and "memory" not in name
    return str(Path(name).resolve().parent) if is_file else None


def _put(copy: Path) -> None:
    if connection.vendor == "postgresql":
        call_command("migrate", verbosity=0)
        with places.opened(places.address_of(copy)) as alias:
            fill(alias, DEFAULT_DB_ALIAS)
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as source:
        # In one step: a process that is killed leaves what was there.
        source.backup(connection.connection, pages=-1)
    ContentType.objects.clear_cache()
