"""The words of every headline by its day: what may report the same event is found by them.

One row an article, published or not; triggers keep it in step in the transaction of any change.
A word stands there with the number of the day on which its article was published, `d738612xdam`,
so that asking for the few days around an arrival costs the same however many years are stored.
"""

from __future__ import annotations

from django.db import connections

from ..models import triggers
from ..models.triggers import Trigger
from .tables import folded

TABLE = "articles_headline"
FOUND = "articles_headline_found"
"""The function that asks the index on PostgreSQL."""
_ROOM = "headlines"
_COLUMNS = ("title", "published_at")
_BEFORE_WORDS = (*"-./:_'’‘\"“„«([&@#$€£+–—", "\u00a0")
"""Marks that words begin after. On SQLite, which takes no longer expression, a word after any
other is not found by its day."""
_AFTER_WORDS = ("”", "»", *",;!?)]{}|=*%~<>\\…", "\n", "\t")


def day_mark(day: int) -> str:
    """What stands before every word of a day, counted as `date.toordinal` does."""
    return f"d{day}x"


def _sqlite_text(row: str) -> str:
    spaced = f"{row}.title"
    for mark in _BEFORE_WORDS:
        quoted = mark.replace("'", "''")
        spaced = f"replace({spaced}, '{quoted}', ' ')"
    seconds = f"CAST(strftime('%s', {row}.published_at) AS INTEGER)"
    mark = f"'d' || (({seconds} + 62135596800) / 86400 + 1) || 'x'"
    return f"({mark} || replace({spaced}, ' ', ' ' || {mark}))"


def _postgres_vector(row: str) -> str:
    spaced = f"lower({folded(f'{row}.title', ''.join((*_BEFORE_WORDS, *_AFTER_WORDS)))})"
    seconds = f"floor(extract(epoch FROM {row}.published_at))::bigint"
    mark = f"'d' || (({seconds} + 62135596800) / 86400 + 1) || 'x'"
    marked = f"string_to_array({mark} || replace({spaced}, ' ', ' ' || {mark}), ' ')"
    return f"array_to_tsvector(array_remove({marked}, {mark}))"


_MADE = {
    "sqlite": (
        # Only its own words give a row back: `delete` names them.
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5 (words, content = '',"
        " columnsize = 0, detail = none, tokenize = 'unicode61 remove_diacritics 2')"
    ),
    "postgresql": (
        f"CREATE TABLE IF NOT EXISTS {TABLE}"
        " (article_id bigint PRIMARY KEY, words tsvector NOT NULL);"
        f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} USING gin (words)"
        " WITH (gin_pending_list_limit = 256);"
        # Words that are beginnings are taken for many rows, and the index would not be asked.
        f"CREATE OR REPLACE FUNCTION {FOUND}(asked tsquery) RETURNS SETOF bigint LANGUAGE sql"
        " STABLE ROWS 500 SET enable_seqscan = off"
        f" AS $$ SELECT article_id FROM {TABLE} WHERE words @@ asked $$"
    ),
}


def install(using: str) -> None:
    """Make the index, and fill it when it may have missed something."""
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        cursor.execute(_MADE[vendor])
    if triggers.install(using, _ROOM, _triggers(vendor)):
        rebuild(using)


def remove(using: str) -> None:
    """Let the index rest; `install` makes it anew."""
    triggers.remove(using, _ROOM)


def rebuild(using: str) -> None:
    """Write the whole index again."""
    vendor = connections[using].vendor
    empty = f"TRUNCATE {TABLE}"
    if vendor == "sqlite":
        empty = f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')"
    filled = _filled(vendor, "FROM articles_article article WHERE published_at IS NOT NULL")
    with connections[using].cursor() as cursor:
        cursor.execute(empty)
        cursor.execute(filled)


def _filled(vendor: str, of: str) -> str:
    if vendor == "sqlite":
        words = _sqlite_text("article")
        return f"INSERT INTO {TABLE} (rowid, words) SELECT article.id, {words} {of}"
    words = _postgres_vector("article")
    return f"INSERT INTO {TABLE} (article_id, words) SELECT article.id, {words} {of}"


def _triggers(vendor: str) -> list[Trigger]:
    table = "articles_article"
    is_new, was = (f"{row}.published_at IS NOT NULL" for row in ("NEW", "OLD"))
    apart = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    differs = " OR ".join(f"OLD.{name} {apart} NEW.{name}" for name in _COLUMNS)
    forgotten, written = _forgotten(vendor), _written(vendor)
    found = [
        Trigger(table, "AFTER INSERT", written, when=is_new),
        Trigger(table, "AFTER DELETE", forgotten, when=was),
        Trigger(
            table,
            f"AFTER UPDATE OF {', '.join(_COLUMNS)}",
            f"{forgotten} {written}",
            when=differs,
        ),
    ]
    if vendor == "postgresql":
        emptied = f"TRUNCATE {TABLE};"
        found.append(Trigger(table, "AFTER TRUNCATE", emptied, each="STATEMENT"))
    return found


def _written(vendor: str) -> str:
    if vendor == "sqlite":
        values = f"SELECT NEW.id, {_sqlite_text('NEW')} WHERE NEW.published_at IS NOT NULL"
        return f"INSERT INTO {TABLE} (rowid, words) {values};"
    values = f"SELECT NEW.id, {_postgres_vector('NEW')} WHERE NEW.published_at IS NOT NULL"
    return (
        f"INSERT INTO {TABLE} (article_id, words) {values}"
        " ON CONFLICT (article_id) DO UPDATE SET words = EXCLUDED.words;"
    )


def _forgotten(vendor: str) -> str:
    if vendor == "postgresql":
        return f"DELETE FROM {TABLE} WHERE article_id = OLD.id;"
    values = f"SELECT 'delete', OLD.id, {_sqlite_text('OLD')} WHERE OLD.published_at IS NOT NULL"
    return f"INSERT INTO {TABLE} ({TABLE}, rowid, words) {values};"
