"""A backup: one folder, whole or not there, with proof of what it holds.

Whichever database the site runs on, the rows are a SQLite file: it can be looked into anywhere, and
put back into either database.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InternalError, OperationalError, connection, transaction
from django.utils import timezone

from ..lock import held, process
from ..models import Backup
from . import files, places
from .copying import NotEmpty, fill
from .manifest import DATABASE, Filed, Manifest, filed, newest_migrations, versions
from .rows import count_rows, forget_sessions


@dataclass(frozen=True, slots=True)
class Backed:
    """What was saved, in how many seconds."""

    manifest: Manifest
    seconds: float

    @property
    def bytes(self) -> int:
        return sum(found.bytes for found in self.manifest.files.values())


def back_up(folder: Path) -> Backed:
    """Save the database as of one moment, then the files it names, into a new folder.

    The site goes on meanwhile. Raises NotEmpty when there is something at `folder`, Busy while
    another backup writes there, OSError, and DatabaseError or sqlite3.Error for a database that
    does not answer or a disk that is full.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(f"{folder} is not empty; every backup has a folder of its own")
    folder.parent.mkdir(parents=True, exist_ok=True)
    begun = monotonic()
    with held(folder.with_name(f"{folder.name}.lock"), f"backup, {process()}"):
        for left in parts_of(folder):
            # What an earlier one left that was killed.
            shutil.rmtree(left, ignore_errors=True)
        # Of a new name: what a killed one started may still write into its own.
        beside = Path(mkdtemp(files.BESIDE, f"{folder.name}.", folder.parent))
        try:
            manifest = _written(beside)
            files.sync_to_disk(beside)
            # Renamed last: what stands under the name of a backup is one.
            beside.replace(folder)
        except Exception:
            # A disk that half of it filled would be full for the next one, too.
            shutil.rmtree(beside, ignore_errors=True)
            raise
        files.sync_to_disk(folder.parent / folder.name)
    folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)
    done = Backed(manifest, monotonic() - begun)
    _remember(folder, done)
    return done


def parts_of(folder: Path) -> list[Path]:
    """What stands beside a backup while it is not whole."""
    return list(folder.parent.glob(f"{escape(folder.name)}.*{files.BESIDE}"))


def _written(beside: Path) -> Manifest:
    at, database = timezone.now(), beside / DATABASE
    save_database(database)
    with places.opened(places.address_of(database)) as alias:
        tables = count_rows(alias)
    for name, folder in files.kept().items():
        files.copy_folder(folder, beside / name)
    manifest = Manifest(
        made_at=at.isoformat(timespec="seconds"),
        versions=versions(),
        migrations=newest_migrations(),
        tables=tables,
        files=_listed(beside),
    )
    manifest.write(beside)
    return manifest


def save_database(target: Path) -> None:
    """The site's database of this moment as a file of SQLite, nobody's session in it."""
    if connection.vendor == "postgresql":
        address = places.address_of(target)
        places.migrate(address)
        with places.opened(address) as alias, places.one_moment(DEFAULT_DB_ALIAS):
            fill(DEFAULT_DB_ALIAS, alias)
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            # All pages in one step: whoever writes meanwhile would make it begin again.
            connection.connection.backup(copy, pages=-1)
    with places.opened(places.address_of(target)) as alias:
        forget_sessions(alias)
    with closing(sqlite3.connect(target)) as copy:
        # One file, without a log beside it, and without the pages that sessions stood in.
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("VACUUM")


def _listed(folder: Path) -> dict[str, Filed]:
    return {str(path.relative_to(folder)): filed(path) for path in files.files_below(folder)}


def _remember(folder: Path, done: Backed) -> None:
    """For the desk, which says when the last one was made."""
    if settings.READ_ONLY:
        return
    at = datetime.fromisoformat(done.manifest.made_at)
    # One of a database that cannot be written just now is one all the same.
    with suppress(OperationalError, InternalError), transaction.atomic():
        Backup.objects.create(
            made_at=at, folder=str(folder), bytes=done.bytes, seconds=round(done.seconds, 3)
        )
