"""A sync that somebody asks for on the desk: at once, or by a worker (TASKS)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import tasks
from ..lock import Busy
from ..models import SyncRun
from ..tasks import Later
from .sync import SyncOptions, run_sync

RIGHTS = ("articles.import_content", "articles.export_content")
INLINE = "inline"
NO_RIGHT = "Whoever asked for it may not import and export any more."

Standing = SyncRun.Standing


def is_set_up() -> bool:
    """Whether this site knows what to be in step with."""
    return bool(settings.REPOSITORY_URL or settings.REPOSITORY_FOLDER)


def folder() -> Path:
    """Where the content lies."""
    return Path(settings.REPOSITORY_FOLDER or settings.BASE_DIR / "repository")


def may_sync(person: Any) -> bool:
    """Whether somebody may have the site brought in step."""
    return bool(person.is_active and person.has_perms(RIGHTS))


def ask(actor: Any) -> SyncRun:
    """Ask for a sync, or join one that waits already; without a worker it is done at once.

    The caller checks `may_sync` and `is_set_up`.
    """
    try:
        with transaction.atomic():
            row = SyncRun.objects.create(
                standing=Standing.WAITING,
                asked_by=actor,
                asked_at=timezone.now(),
                root=str(folder()),
            )
    except IntegrityError:
        # One that waits does for everybody.
        row = SyncRun.objects.get(standing=Standing.WAITING)
    if settings.TASKS == INLINE:
        perform(row)
    else:
        tasks.add("sync", row.pk)
    row.refresh_from_db()
    return row


def work_on(key: str) -> str:
    """Do what was asked for, for the worker, also where one that died had begun it.

    Raises `Later` while another run is at work.
    """
    left = (Standing.WAITING, Standing.WORKING)
    row = SyncRun.objects.filter(pk=key, standing__in=left).first()
    if row is None:
        return f"sync {key}: nothing to do"
    is_done = perform(row)
    row.refresh_from_db()
    if not is_done:
        raise Later(row.error)
    return f"{row}: {row.standing} {row.error}".rstrip()


def perform(row: SyncRun) -> bool:
    """Do what was asked for; False when another run is at work, and then it goes on waiting."""
    actor = row.asked_by
    if actor is None or not may_sync(actor):
        row.standing, row.error, row.ended_at = Standing.FAILED, NO_RIGHT, timezone.now()
        row.save()
        return True
    where = folder()
    has_git = bool(settings.REPOSITORY_URL) or (where / ".git").exists()
    try:
        run_sync(where, SyncOptions(git=has_git), actor=actor, asked=row)
    except Busy as busy:
        SyncRun.objects.filter(pk=row.pk, standing=Standing.WAITING).update(error=f"{busy}.")
        return False
    except Exception:
        # Its row says why, and the site's log more; work without an end helps nobody.
        row.refresh_from_db()
        return row.standing != Standing.WAITING
    return True
