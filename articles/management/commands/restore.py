"""`manage.py restore DIR`: the newsroom as a backup has it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.lock import Busy
from articles.safety import BackupRefused, restore
from articles.safety.copying import NotEmpty, NotEqual
from articles.safety.places import WrongAddress

REFUSALS = (BackupRefused, NotEmpty, NotEqual, Busy, WrongAddress, OSError)


class Command(BaseCommand):
    help = "Put a backup back, after comparing every digest; all of it or nothing."
    # The tables may not be there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--replace", action="store_true", help="in place of what the site holds now"
        )

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:
        try:
            done = restore(folder, is_replacing=replace)
        except REFUSALS as error:
            raise CommandError(f"Nothing was restored: {error}.", returncode=2) from error
        rows = sum(found.rows for found in done.manifest.tables.values())
        left = f"; {done.left:,} files that it does not know stay" if done.left else ""
        self.stdout.write(
            f"As of {done.manifest.made_at}: {rows:,} rows and {len(done.manifest.files) - 1:,}"
            f" files in {done.seconds:.1f} s{left}. Everybody signs in again."
        )
