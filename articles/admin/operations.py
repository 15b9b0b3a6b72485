"""How the site stands, for whoever keeps it running: facts, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .. import tasks
from ..exchange import asking
from ..models import Backup, Run, SyncRun, Task
from ..observing import slow
from ..safety.manifest import newest_migrations, versions

NO_BACKUP = timedelta(hours=36)
NO_SYNC = timedelta(hours=24)
NO_WORKER = timedelta(minutes=5)


def operations() -> dict[str, Any]:
    """What the page of work says of the site; a constant number of queries."""
    now = timezone.now()
    backup, sync = Backup.objects.first(), SyncRun.objects.exclude(ended_at=None).first()
    imports = Run.objects.filter(kind=Run.Kind.IMPORT, finished_at__isnull=False)
    run = imports.defer("report", "options").first()
    return {
        "versions": {**versions(), "schema": newest_migrations().get("articles", "none")},
        "megabytes": _size() / 1e6,
        "backup": backup,
        "last_sync": sync,
        "last_import": run,
        "slow": slow.slowest(),
        "slow_from": settings.SLOW_QUERY_MS,
        "overdue": list(_overdue(now, backup, sync)),
    }


def _overdue(now: datetime, backup: Backup | None, sync: SyncRun | None) -> Iterator[str]:
    """Everything that should have happened, as sentences."""
    if backup is None:
        yield "No backup was made yet."
    elif backup.made_at < now - NO_BACKUP:
        yield "The last backup is more than 36 hours old."
    if asking.is_set_up() and (sync is None or (sync.ended_at or now) < now - NO_SYNC):
        yield "There was no sync for a day."
    late = Task.objects.filter(standing=Task.Standing.WAITING, due_at__lt=now - NO_WORKER)
    if count := late.count():
        yield f"Tasks overdue: {count}. Does manage.py work run?"
    if count := tasks.failed().count():
        yield f"Tasks given up: {count}."


def _size() -> int:
    """Bytes of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    return path.stat().st_size if path.is_file() else 0
