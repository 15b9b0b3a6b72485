"""Throwaway databases to measure on, each migrated, empty and this run's own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from .figure import Figure
from .measure import run

SILENT = "nothing answers at TEST_POSTGRES_URL"
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
COMPILED = str(Path(tempfile.gettempdir()) / "newsroom-bench-compiled")
MANAGE = (sys.executable, "manage.py")
SEARCH = ("articles_search", "articles_headline")


def environment(url: str) -> dict[str, str]:
    """What a process needs to run as in production, but for TLS, on this database.

    Production has its modules compiled; here they are kept apart, so that a checkout that must
    stay as it is does not make every start compile them anew.
    """
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return own | {
        "PYTHONPYCACHEPREFIX": COMPILED,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATABASE_URL": url,
        "DEBUG": "0",
        "SECRET_KEY": "measured-with-this-key-and-never-anything-but-measured",
        "SECURE_SSL": "0",
        # Filling a million rows is no page.
        "STATEMENT_SECONDS": "0",
        # All load comes from one address.
        **dict.fromkeys(("SEARCH_A_MINUTE", "API_A_MINUTE", "LOGIN_A_MINUTE"), "0"),
    }


def migrate(url: str, output: Path) -> None:
    run([*MANAGE, "migrate", "--verbosity", "0"], environment(url), output)


class SQLite:
    """Databases as files of one folder, copies of one that was migrated once."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()
        self._template = folder / "template.sqlite3"
        migrate(f"sqlite:///{self._template}", folder / "migrate.txt")

    def fresh(self) -> str:
        """The address of a new migrated database."""
        path = self._folder / f"{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def size(self, url: str) -> int:
        """Bytes of all tables and indexes, search apart: its pages are free once it is dropped."""
        with closing(sqlite3.connect(urlsplit(url).path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("BEGIN")
            for table in SEARCH:
                database.execute(f"DROP TABLE {table}")
            pages, free, page = (
                database.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            database.rollback()
        return int((pages - free) * page)

    def drop(self, url: str) -> None:
        """Remove a database that is done with."""
        for path in self._folder.glob(Path(urlsplit(url).path).name + "*"):
            path.unlink()


class PostgreSQL:
    """Databases of one server, copies of one that was migrated once."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self._prefix, self._numbers = f"newsroom_bench_{os.getpid()}", count()
        self._admin = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
        self._made: list[str] = []
        self._template = self._create("template", "template1")
        migrate(self._url(self._template), folder / "migrate.txt")

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))

    def _create(self, suffix: str, template: str) -> str:
        name = f"{self._prefix}_{suffix}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self._made.append(name)
        return name

    def fresh(self) -> str:
        """The address of a new migrated database."""
        return self._url(self._create(str(next(self._numbers)), self._template))

    def size(self, url: str) -> int:
        """Bytes of all tables and indexes, search apart."""
        with psycopg.connect(url) as database:
            row = database.execute(
                "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
                " WHERE relname <> ALL(%s)",
                [list(SEARCH)],
            ).fetchone()
        return int(row[0]) if row else 0

    def drop(self, url: str) -> None:
        """Remove a database that is done with."""
        name = urlsplit(url).path.lstrip("/")
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._admin.execute(statement.format(sql.Identifier(name)))

    def close(self) -> None:
        """Remove every database made here."""
        for name in self._made:
            self.drop(self._url(name))
        self._admin.close()


Databases = SQLite | PostgreSQL


def on_each(
    work: Path, measured: Callable[[Databases], Iterator[Figure]], missing: Iterable[Figure]
) -> Iterator[Figure]:
    """The figures of SQLite and those of PostgreSQL; `missing` where none answers."""
    with sqlite(work / "sqlite") as databases:
        yield from measured(databases)
    try:
        with postgresql(work / "postgresql") as databases:
            yield from measured(databases)
    except psycopg.OperationalError:
        yield from missing


@contextmanager
def sqlite(folder: Path) -> Iterator[SQLite]:
    """SQLite databases below `folder`."""
    folder.mkdir()
    yield SQLite(folder)


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """PostgreSQL databases, dropped at the end; raises psycopg.OperationalError: none answers."""
    folder.mkdir()
    databases = PostgreSQL(folder)
    try:
        yield databases
    finally:
        databases.close()
