"""`manage.py backup DIR`: the database and its files in a new folder, while the site goes on."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from articles.lock import Busy
from articles.safety import back_up
from articles.safety.copying import NotEmpty, NotEqual
from articles.safety.manifest import SECRETS
from articles.safety.places import WrongAddress


class Command(BaseCommand):
    help = "Save the database as of one moment, and the files it names, into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="made; must not hold anything")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            done = back_up(folder)
        except (
            *(NotEmpty, NotEqual, Busy, WrongAddress, OSError),
            *(DatabaseError, InterfaceError, sqlite3.Error),
        ) as error:
            raise CommandError(f"Nothing was saved: {error}.", returncode=2) from error
        rows = sum(found.rows for found in done.manifest.tables.values())
        self.stdout.write(
            f"{rows:,} rows of {len(done.manifest.tables)} tables and"
            f" {len(done.manifest.files) - 1:,} files, {done.bytes / 1e6:,.1f} MB,"
            f" in {done.seconds:.1f} s."
        )
        self.stdout.write(f"Not in it, and to be kept elsewhere: {'; '.join(SECRETS)}.")
