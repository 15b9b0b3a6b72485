"""`manage.py publish_static DIR`: the public site as files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.exchange.lock import Busy
from articles.publishing import NoAnswer, publish


class Command(BaseCommand):
    help = (
        "Write the public site (pages, feeds, sitemaps, JSON, assets) into a folder for any static "
        "host; a second run writes what changed since the first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--fresh", action="store_true", help="render every page anew")

    def handle(self, *args: Any, folder: Path, fresh: bool, **options: Any) -> None:
        try:
            done = publish(folder, is_fresh=fresh)
        except (Busy, NoAnswer, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{done.written} files written, {done.kept} kept, {done.deleted} deleted;"
            f" run again by {done.next_boundary:%Y-%m-%d %H:%M:%S %Z} or after any change."
        )
        if done.unsafe:
            raise CommandError(f"{done.unsafe} addresses have no safe file name.", returncode=1)
