"""`manage.py publish_static DIR`: the public site as files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from articles.lock import Busy
from articles.management.stopping import stopped_by_signals
from articles.public import clock
from articles.publishing import Memory, NoAnswer, Published, publish

PAUSE = 2.0
"""Seconds between two looks at whether anything changed: one query."""

FAULTS = (Busy, NoAnswer, OSError, OperationalError, InterfaceError)
UNSAFE = "addresses have no safe file name."


class Command(BaseCommand):
    help = (
        "Write the public site (pages, feeds, sitemaps, JSON, assets) into a folder for any static "
        "host; a second run writes what changed since the first."
    )
    # Checks look through the desk, which nothing here needs.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--fresh", action="store_true", help="render every page anew")
        parser.add_argument(
            "--watch", action="store_true", help="stay, and write every change, until stopped"
        )

    def handle(self, *args: Any, folder: Path, fresh: bool, watch: bool, **options: Any) -> None:
        if watch:
            self._watch(folder, is_fresh=fresh)
            return
        try:
            done = publish(folder, is_fresh=fresh)
        except FAULTS as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{_said(done)}; run again by {done.next_boundary:%Y-%m-%d %H:%M:%S %Z}"
            " or after any change."
        )
        if done.unsafe:
            raise CommandError(f"{done.unsafe} {UNSAFE}", returncode=1)

    def _watch(self, folder: Path, *, is_fresh: bool) -> None:
        memory, last = Memory(), ""
        with stopped_by_signals() as stop:
            while not stop.is_set():
                try:
                    version = clock.reread(timezone.now()).version
                    if version != last:
                        self._tell(publish(folder, is_fresh=is_fresh, memory=memory))
                        is_fresh, last = False, version
                except FAULTS as error:
                    self.stderr.write(f"{error}; tried again")
                # A connection that the server closed meanwhile is opened anew.
                close_old_connections()
                stop.wait(PAUSE)
        self.stdout.write("stopped")

    def _tell(self, done: Published) -> None:
        self.stdout.write(f"{_said(done)}.")
        self.stdout.flush()
        if done.unsafe:
            self.stderr.write(f"{done.unsafe} {UNSAFE}")


def _said(done: Published) -> str:
    return f"{done.written} files written, {done.kept} kept, {done.deleted} deleted"
