"""Statements over many rows at once, for the hot paths of import and export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from providers.fields import JSONTextField


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows in one statement; no objects are made, no ids answered."""
    fields = fields_of(model, columns)
    values = _prepared(fields, rows)
    if not values:
        return
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})",
                [list(column) for column in zip(*values, strict=True)],
            )
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def fields_of(model: type[models.Model], columns: Sequence[str]) -> list[Any]:
    """The fields of these columns; a foreign key may be named with or without `_id`."""
    return [model._meta.get_field(name) for name in columns]


def insert_objects(objects: Sequence[models.Model], key: str) -> None:
    """Insert new objects, and give them their ids, found by the unique column `key`.

    Three times as fast as `bulk_create`, whose expressions and batches cost more than the rows.
    """
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields]
    insert_rows(model, names, [[getattr(one, name) for name in names] for one in objects])
    keys = [getattr(one, key) for one in objects]
    ids = dict(model._default_manager.filter(**{f"{key}__among": keys}).values_list(key, "pk"))
    for one in objects:
        one.pk = ids[getattr(one, key)]
        one._state.adding, one._state.db = False, connection.alias


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `columns` of many rows, each given as (value, …, primary key); one prepared statement."""
    fields = fields_of(model, columns)
    prepared = _prepared([*fields, model._meta.pk], rows)
    if not prepared:
        return
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


def _prepared(fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Values as the database wants them; numbers, keys and plain texts are that already."""
    casts = [None if _is_plain(field) else field.get_db_prep_save for field in fields]
    if not any(casts):
        return list(rows)
    return [
        [cast(value, connection) if cast else value for cast, value in zip(casts, row, strict=True)]
        for row in rows
    ]


def _is_plain(field: Any) -> bool:
    if isinstance(field, JSONTextField):
        return False
    plain = models.IntegerField | models.AutoField | models.CharField | models.TextField
    return field.is_relation or isinstance(field, plain)
