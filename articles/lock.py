"""One import, export or sync at a time on a database, and who holds it."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TextIO
from zlib import crc32

from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

ADVISORY = crc32(b"newsroom exchange")
"""The number of the lock on PostgreSQL, where locks belong to a database."""


WORKER = crc32(b"newsroom worker")
"""The same of the worker, who holds it as long as he lives."""

MOMENT, MOMENTS = 0.02, 25
"""Seconds, and how often, that the name of a holder is waited for."""


NOTICED = 5.0
"""Seconds within which the server notices that a process was killed, and frees its lock."""

NAMED = re.compile(r"process (?P<process>\d+) on (?P<host>.+)")
"""What `process` says, to be read again."""

GONE = (OperationalError, InterfaceError)
"""What a connection says that is no more; the server let go of its locks."""


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


@dataclass(frozen=True, slots=True)
class Alone:
    """True for the only worker, as long as the connection lives that holds its lock."""

    is_mine: bool
    connection: BaseDatabaseWrapper | None = None

    def __bool__(self) -> bool:
        return self.is_mine

    def check(self) -> None:
        """Raises OperationalError when the lock went with its connection."""
        if self.connection is not None:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT 1")


@contextmanager
def only_worker() -> Iterator[Alone]:
    """Whether this process is the only worker on the database, for as long as the block runs.

    On a connection of its own: the one for work is opened anew now and then.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "postgresql":
        try:
            with held(Path(f"{name}.worker.lock"), process()):
                yield Alone(True)
        except Busy:
            yield Alone(False)
        return
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [WORKER])
            is_mine = bool(cursor.fetchone()[0])
        try:
            yield Alone(is_mine, own)
        finally:
            if is_mine:
                # Closing gives the connection back to the pool, with the lock on it.
                with suppress(*GONE), own.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [WORKER])
    finally:
        own.close()


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
            raise Busy(_sentence(_holder(file))) from None
        file.truncate(0)
        file.write(holder)
        file.flush()
        yield


def _holder(file: TextIO) -> str:
    """Who holds a lock file; one that has only just got it may not have said so yet."""
    for _ in range(MOMENTS):
        file.seek(0)
        if said := file.read().strip():
            return said
        sleep(MOMENT)
    return ""


@contextmanager
def _on_postgresql(holder: str) -> Iterator[None]:
    """An advisory lock of the session; `application_name` names the holder."""
    with connection.cursor() as cursor:
        # Before, so that nobody ever meets a holder without a name.
        cursor.execute("SELECT set_config('application_name', %s, false)", [holder])
        until = monotonic() + NOTICED
        while not _is_got(cursor):
            other = _other_on_postgresql(cursor)
            if monotonic() > until or not _is_gone(other):
                raise Busy(_sentence(other))
            sleep(MOMENT)
    try:
        yield
    finally:
        with suppress(*GONE), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])


def _is_got(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY])
    return bool(cursor.fetchone()[0])


def _other_on_postgresql(cursor: CursorWrapper) -> str:
    """Who holds the lock; empty when he let go of it just now."""
    cursor.execute(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
        " WHERE locktype = 'advisory' AND objid = %s AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [ADVISORY],
    )
    row = cursor.fetchone()
    return row[0] if row else ""


def _is_gone(holder: str) -> bool:
    """Whether whoever is named has ended, as far as this machine can tell."""
    said = NAMED.search(holder)
    # PostgreSQL cuts long names.
    if said is None or not socket.gethostname().startswith(said["host"]):
        return not holder
    try:
        os.kill(int(said["process"]), 0)
    except OSError as why:
        return why.errno == errno.ESRCH
    return False


def _sentence(holder: str) -> str:
    return f"another run is at work: {holder or 'unknown'}; wait for it to end"
