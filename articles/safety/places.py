"""Databases that are not the site's own, opened for as long as they are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

PATIENCE = 20
"""Seconds that a locked SQLite file is waited for."""

_numbers = count()


class WrongAddress(ValueError):
    """Not the address of a database that the site runs on."""


@contextmanager
def opened(url: str) -> Iterator[str]:
    """The alias of a connection to that database, closed at the end. Raises WrongAddress."""
    alias = f"place_{next(_numbers)}"
    configured = connections.configure_settings({"default": {}, alias: _config(url)})
    own = load_backend(configured[alias]["ENGINE"]).DatabaseWrapper(configured[alias], alias)
    connections[alias] = own
    try:
        yield alias
    finally:
        own.close()
        del connections[alias]


def address_of(path: Path) -> str:
    """A SQLite file as DATABASE_URL names it."""
    return f"sqlite:///{path.resolve()}"


def migrate(url: str) -> None:
    """Bring the tables of that database to this version; raises WrongAddress with what went wrong.

    By a process of its own, whose only database it is: migrations ask for no other.
    """
    _config(url)
    asked = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "migrate", "-v", "0"]
    own = {**os.environ, "DATABASE_URL": url, "READ_ONLY": "0"}
    done = subprocess.run(asked, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["migrate failed"])[-1]
        raise WrongAddress(f"its tables cannot be made: {last}")


@contextmanager
def one_moment(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """Everything read inside is of one moment, however much is written meanwhile."""
    connection = connections[alias]
    with transaction.atomic(using=alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield connection


def _config(url: str) -> dict[str, Any]:
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise WrongAddress("an address of a database begins with sqlite:/// or postgres://")
    try:
        config = environ.Env.db_url_config(url)
    except (environ.ImproperlyConfigured, KeyError, ValueError) as error:
        # Without the address, which holds a password.
        raise WrongAddress("this is no address of a database") from error
    engine = str(config["ENGINE"]).rpartition(".")[2]
    if not config["NAME"] or ":memory:" in config["NAME"]:
        raise WrongAddress("this address names no database")
    # Without the site's IMMEDIATE: whoever only reads must not keep others from writing.
    own = {"timeout": PATIENCE} if engine == "sqlite3" else {}
    return {**config, "OPTIONS": {**config.get("OPTIONS", {}), **own}}
