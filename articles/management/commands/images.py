"""`manage.py images`: how pictures stand, what is wrong, what can go, what is to be made again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.images import housekeeping, logos


class Command(BaseCommand):
    help = "Look after the pictures that are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("status", help="how many are kept, and why others are not")
        acts.add_parser("check", help="files that are missing, changed, broken or orphaned")
        prune = acts.add_parser("prune", help="delete what no file names and nothing shows")
        prune.add_argument("-n", "--dry-run", action="store_true", help="delete nothing")
        rebuild = acts.add_parser("rebuild", help="make renditions that are missing or outdated")
        rebuild.add_argument("--all", action="store_true", help="make every one anew")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        {
            "status": self._status,
            "check": self._check,
            "prune": lambda: self._prune(is_dry=options["dry_run"]),
            "rebuild": lambda: self._rebuild(is_all=options["all"]),
        }[act]()

    def _status(self) -> None:
        found = housekeeping.status()
        self.stdout.write(
            f"{found.pictures} pictures and {found.logos} logos kept, {found.size / 1e6:.1f} MB;"
            f" {found.due} wait for their renditions.\n"
            f"{found.refused} refused, {found.later} to be asked for again."
        )
        for reason, times in found.reasons:
            self.stdout.write(f"{times:>6}  {reason}")

    def _check(self) -> None:
        faults = list(housekeeping.check())
        for fault in faults:
            self.stdout.write(f"{fault.what}: {fault.name}")
        if faults:
            raise CommandError(f"{len(faults)} faults; rebuild and prune mend them.", returncode=1)
        self.stdout.write("Every file is there and as it was stored.")

    def _prune(self, *, is_dry: bool) -> None:
        lines = housekeeping.prune(timezone.now(), is_dry=is_dry)
        for line in lines:
            self.stdout.write(line)
        if not is_dry:
            logos.settle()
        self.stdout.write(f"{len(lines)} {'would be deleted' if is_dry else 'deleted'}.")

    def _rebuild(self, *, is_all: bool) -> None:
        made = failed = 0
        for picture, is_made in housekeeping.rebuild(is_all=is_all):
            made += is_made
            if not is_made:
                failed += 1
                self.stdout.write(f"{picture}: what is kept of it cannot be read")
        self.stdout.write(f"{made} made.")
        if failed:
            raise CommandError(f"{failed} could not be made; get them again.", returncode=1)
