"""`manage.py check_integrity`: whether what is stored agrees with itself."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.safety import integrity


class Command(BaseCommand):
    help = "Read everything and name what does not agree; nothing is changed without --rebuild."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="first make what is searched anew"
        )

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            integrity.rebuild()
        found = list(integrity.problems())
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError("This does not agree; a backup from before is the way back.")
        self.stdout.write("Everything agrees.")
