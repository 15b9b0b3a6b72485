"""`manage.py work`: does what waits, beside the site (TASKS=worker)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InternalError, close_old_connections, connections
from django.utils import timezone

from articles import tasks
from articles.lock import GONE, Alone, only_worker
from articles.management.stopping import stopped_by_signals
from articles.snapshots import remember

PAUSE = 2.0
"""Seconds between two looks at a table in which nothing waits."""


class Command(BaseCommand):
    """One at a time does the work; another waits until that one ends."""

    help = (
        "Do what waits, until it is stopped: imports, syncs, mails, pictures, the site in a folder,"
        " what a CDN has to forget."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        with stopped_by_signals() as stop:
            while not stop.is_set():
                try:
                    with only_worker() as alone:
                        if alone:
                            self._work(stop, alone, once=options["once"])
                except (*GONE, InternalError) as error:
                    if options["once"]:
                        raise CommandError(f"the database cannot be used: {error}") from error
                    # It is back in a moment, and the task at hand is taken up again.
                    self.stderr.write(f"the database cannot be used, tried again: {error}")
                    close_old_connections()
                if options["once"]:
                    return
                stop.wait(PAUSE)
        self.stdout.write("stopped")

    def _work(self, stop: Event, alone: Alone, *, once: bool) -> None:
        if left := tasks.recover():
            self.stdout.write(f"{left} begun by a worker that ended; tried again")
        if once:
            while not stop.is_set() and self._step(tuple(tasks.KINDS)):
                alone.check()
            remember(timezone.now())
            return
        slow, quick = tasks.LANES
        over = Event()
        with ThreadPoolExecutor(1) as pool:
            beside = pool.submit(self._go_on, quick, stop, over)
            self._go_on(slow, stop, over, alone)
            beside.result()

    def _go_on(
        self, kinds: Sequence[str], stop: Event, over: Event, alone: Alone | None = None
    ) -> None:
        """One lane until it is told to stop; an error in either ends both, and is the caller's."""
        try:
            while not stop.is_set() and not over.is_set():
                if alone is not None:
                    alone.check()
                    remember(timezone.now())
                if not self._step(kinds):
                    # A connection that the server closed meanwhile is opened anew.
                    close_old_connections()
                    stop.wait(PAUSE)
        finally:
            over.set()
            if alone is None:
                connections.close_all()

    def _step(self, kinds: Sequence[str]) -> bool:
        """Do one task; False when none is due."""
        tasks.look(kinds)
        said = tasks.work_one(kinds)
        if said is not None:
            self.stdout.write(said)
        return said is not None
