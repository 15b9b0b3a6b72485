"""One import, export or sync at a time on a database, and who holds it."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from zlib import crc32

from django.db import connection

ADVISORY = crc32(b"newsroom exchange")
"""The number of the lock on PostgreSQL, where locks belong to a database."""


class Busy(RuntimeError):
    """Another run holds the lock; the message says which."""


@contextmanager
def exclusive(what: str) -> Iterator[None]:
    """Hold the lock for `what` ("import", "export") or raise Busy. The system frees it when the
    process ends in any way."""
    holder = f"{what}, {process()}"
    hold: AbstractContextManager[None]
    if connection.vendor == "postgresql":
        hold = _on_postgresql(holder)
    elif "memory" in str(connection.settings_dict["NAME"]):
        hold = nullcontext()
    else:
        hold = held(Path(f"{connection.settings_dict['NAME']}.exchange.lock"), holder)
    with hold:
        yield


def process() -> str:
    """This process, as others are told of it."""
    return f"process {os.getpid()} on {socket.gethostname()}"


@contextmanager
def held(path: Path, holder: str) -> Iterator[None]:
    """Hold a lock file, whose text names the holder, or raise Busy."""
    with open(path, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Busy(_sentence(file.read().strip())) from None
        file.truncate(0)
        file.write(holder)
        file.flush()
        yield


@contextmanager
def _on_postgresql(holder: str) -> Iterator[None]:
    """An advisory lock of the session; `application_name` names the holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY])
        if not cursor.fetchone()[0]:
            cursor.execute(
                "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
                " WHERE locktype = 'advisory' AND objid = %s AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [ADVISORY],
            )
            row = cursor.fetchone()
            raise Busy(_sentence(row[0] if row else ""))
        cursor.execute("SELECT set_config('application_name', %s, false)", [holder])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])


def _sentence(holder: str) -> str:
    return f"another run is at work: {holder or 'unknown'}; wait for it to end"
