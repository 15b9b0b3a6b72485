"""`manage.py prune`: lets go of what the settings say is kept no longer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.safety import retention


class Command(BaseCommand):
    help = "Delete old acts, revisions, reports and snapshots, by the KEEP_…_DAYS of the settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-n", "--dry-run", action="store_true", help="only count them")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        done = "would go" if dry_run else "gone"
        for what, days, rows in retention.prune(is_rehearsal=dry_run):
            if days is None:
                self.stdout.write(f"{what}: kept for ever")
            else:
                self.stdout.write(f"{what} older than {days} days: {rows:,} {done}")
