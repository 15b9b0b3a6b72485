"""Readers' pages may be read from a copy of the database that follows it (REPLICA_URL)."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError

T = TypeVar("T")

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class ReaderRouter:
    """One of Django's: what is asked for a reader's page goes to the replica, the rest does not."""

    def db_for_read(self, _model: object, **_hints: object) -> str | None:
        return alias() if _reading.get() else None

    def allow_relation(self, *_rows: object, **_hints: object) -> bool:
        """The two hold the same rows."""
        return True

    def allow_migrate(self, db: str, *_what: object, **_hints: object) -> bool:
        return db != settings.REPLICA


def alias() -> str:
    """The database that what is being made here is read from."""
    return settings.REPLICA if settings.REPLICA and _reading.get() else DEFAULT_DB_ALIAS


def read(make: Callable[[], T]) -> T:
    """Make a page from the replica; from the database when there is none, or it went away."""
    if not settings.REPLICA or _reading.get():
        return make()
    token = _reading.set(True)
    try:
        return make()
    except (OperationalError, InterfaceError):
        _reading.reset(token)
        token = _reading.set(False)
        return make()
    finally:
        _reading.reset(token)
