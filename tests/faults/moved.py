"""`manage.py` by a clock that is put on or back while it runs: `python -m tests.faults.moved …`.

The file that NEWSROOM_FAULTS_CLOCK names holds by how many seconds. What Python is told of the time
is moved, not what runs beside it; libfaketime moves more, and stops what sleeps or waits.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import time_machine
from django.core.management import execute_from_command_line

EVERY = 0.02
"""Seconds between two looks at the file."""
CLOCK = "NEWSROOM_FAULTS_CLOCK"


def follow(path: Path) -> None:
    """Keep this process's clock to what the file says, from now on."""
    said = path.read_text()
    clock = time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(said))).start()
    right = time_machine.escape_hatch.datetime.datetime

    def look() -> None:
        last = said
        while True:
            sleep(EVERY)
            if (now := path.read_text()) != last:
                last = now
                clock.move_to(right.now(UTC) + timedelta(seconds=float(now)))

    Thread(target=look, daemon=True).start()


if __name__ == "__main__":
    follow(Path(os.environ[CLOCK]))
    execute_from_command_line(["manage.py", *sys.argv[1:]])
