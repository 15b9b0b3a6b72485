"""`manage.py fetch_images`: gets pictures and logos from their publishers."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.images.fetching import fetch_all
from articles.images.wanting import wanted
from articles.lock import Busy

from ..bar import bar


class Command(BaseCommand):
    help = (
        "Get the pictures of leads and the logos of providers from their publishers, one at a time "
        "from each host. Needs FETCH_IMAGES=1. A run that was ended goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="ask for N pictures at most")
        parser.add_argument(
            "-n", "--dry-run", action="store_true", help="ask nobody; list what would be asked for"
        )

    def handle(self, *args: Any, limit: int | None, dry_run: bool, **options: Any) -> None:
        todo = list(islice(wanted(timezone.now()), limit))
        if dry_run:
            for one in todo:
                self.stdout.write(f"{one.kind}\t{one.address}")
            self.stdout.write(f"{len(todo)} pictures would be asked for.")
            return
        if not settings.FETCH_IMAGES:
            raise CommandError(
                "The site asks no other hosts for pictures unless FETCH_IMAGES=1 says so.",
                returncode=2,
            )
        watched = bar("pictures") if sys.stderr.isatty() else nullcontext(None)
        try:
            with watched as progress:
                done = fetch_all(todo, progress=progress)
        except Busy as busy:
            raise CommandError(str(busy), returncode=2) from busy
        left = len(todo) - done.kept - done.refused - done.later
        self.stdout.write(
            f"{done.kept} kept, {done.refused} refused, {done.later} to be asked again,"
            f" {left} not asked; `manage.py images status` says why."
        )
