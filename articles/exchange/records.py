"""Every sync as the desk shows it: under way, done, or why not; asked for there or by a command."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from ..models import SyncRun

KILLED = "It was ended from outside; the next one went on where it was."
LONGEST = 2_000
"""Characters of what went wrong."""

Standing = SyncRun.Standing

log = logging.getLogger(__name__)


@contextmanager
def on_record(directory: Path, actor: Any, asked: SyncRun | None) -> Iterator[SyncRun]:
    """The row of the sync that runs within, for one who holds the lock."""
    left = SyncRun.objects.filter(standing=Standing.WORKING)
    left.update(standing=Standing.FAILED, error=KILLED, ended_at=timezone.now())
    row = asked or SyncRun(asked_by=actor, asked_at=timezone.now())
    row.standing, row.root, row.error = Standing.WORKING, str(directory), ""
    row.save()
    try:
        yield row
    except Exception as error:
        _end(row, Standing.FAILED, _said(error))
        raise
    except BaseException:
        _end(row, Standing.FAILED, KILLED)
        raise
    _end(row, Standing.DONE)


def _said(error: Exception) -> str:
    """What people are told; an error that is no refusal is for whoever runs the site."""
    if isinstance(error, RuntimeError | ValueError | OSError):
        return str(error)[:LONGEST]
    log.exception("a sync failed")
    return f"{type(error).__name__}; the site's log says more."


def _end(row: SyncRun, standing: SyncRun.Standing, error: str = "") -> None:
    row.standing, row.error, row.ended_at = standing, error, timezone.now()
    row.save()
