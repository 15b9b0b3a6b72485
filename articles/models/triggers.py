"""Triggers: what follows a change of a row in the same transaction, whoever makes the change.

They are installed after every `migrate` and taken away before one that has work to do: SQLite makes
a table anew to alter it, which would drop the triggers on it and stumble over those that name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

from django.db import connections

_EXISTING = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND pg_table_is_visible(pg_class.oid)"
    ),
}

IS_PUBLISHED = "article.state || '' = 'published'"
"""Of an article that is found by its id, in words that no index answers.

PostgreSQL keeps the plan with which a connection began. While nothing is published, the index of
what is seems the shortest way to anything, and a first import would then go through all of it for
each article that it publishes.
"""


class Trigger(NamedTuple):
    """`body` runs when `event` ("AFTER INSERT", "AFTER UPDATE OF name") happens to `table`.

    On PostgreSQL `each` is ROW or STATEMENT, CONSTRAINT triggers wait for the commit, and `tables`
    names the rows of a statement.
    """

    table: str
    event: str
    body: str
    when: str = ""
    each: str = "ROW"
    is_deferred: bool = False
    tables: str = ""

    def name(self, room: str) -> str:
        """The room and a number that changes with the definition, so that a new one replaces it."""
        return f"{room}_{crc32(repr(tuple(self)).encode()):08x}"


def install(using: str, room: str, triggers: Iterable[Trigger]) -> bool:
    """Make the triggers of a room be exactly these; True when any was not there before."""
    wanted = {trigger.name(room): trigger for trigger in triggers}
    existing = _existing(using, room)
    for name in existing.keys() - wanted.keys():
        _drop(using, name, existing[name])
    missing = wanted.keys() - existing.keys()
    for name in missing:
        _create(using, name, wanted[name])
    return bool(missing)


def remove(using: str, room: str) -> None:
    """Drop every trigger of a room."""
    install(using, room, ())


def _existing(using: str, room: str) -> dict[str, str]:
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING[connection.vendor])
        return {name: table for name, table in cursor.fetchall() if name.startswith(f"{room}_")}


def _drop(using: str, name: str, table: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
            cursor.execute(f"DROP FUNCTION {name}()")
        else:
            cursor.execute(f"DROP TRIGGER {name}")


def _create(using: str, name: str, trigger: Trigger) -> None:
    connection = connections[using]
    when = f"WHEN ({trigger.when})" if trigger.when else ""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(
                f"CREATE TRIGGER {name} {trigger.event} ON {trigger.table} {when}"
                f" BEGIN {trigger.body} END"
            )
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {trigger.body} RETURN NULL; END $$"
        )
        kind, waits = (
            ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED")
            if trigger.is_deferred
            else ("TRIGGER", "")
        )
        cursor.execute(
            f"CREATE {kind} {name} {trigger.event} ON {trigger.table} {waits} {trigger.tables}"
            f" FOR EACH {trigger.each} {when} EXECUTE FUNCTION {name}()"
        )
