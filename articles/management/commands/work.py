"""`manage.py work`: does what waits, beside the site (TASKS=worker)."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from articles.uploads import perform, take

PAUSE = 2.0
"""Seconds between two looks at a table in which nothing waits."""


class Command(BaseCommand):
    """One worker is enough: the exchange runs one import at a time."""

    help = "Plan and import what was brought to the desk, until it is stopped."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            while True:
                is_idle = not self._work()
                if is_idle and options["once"]:
                    return
                if is_idle:
                    # A connection that the server closed meanwhile is opened anew.
                    close_old_connections()
                    time.sleep(PAUSE)
        except KeyboardInterrupt:
            self.stdout.write("stopped")

    def _work(self) -> bool:
        """Whether something was done."""
        upload = take()
        if upload is None or not perform(upload):
            return False
        upload.refresh_from_db()
        self.stdout.write(f"{upload.name}: {upload.standing} {upload.failure}".rstrip())
        return True
