"""Statements over many rows at once, for the hot paths of import and export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from providers.fields import JSONTextField

M = TypeVar("M", bound=models.Model)


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Insert rows in one statement; no objects are made, no ids answered.

    Columns that are not named are null, or where they cannot be, their default.
    """
    fields = fields_of(model, columns)
    others = [
        field
        for field in model._meta.concrete_fields
        if not (field in fields or field.null or field.primary_key)
    ]
    same = [field.get_default() for field in others]
    fields += others
    connection: Any = connections[using]
    values = _prepared(fields, ([*row, *same] for row in rows) if same else rows, connection)
    if not values:
        return
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Parameters of a statement, or arrays of them, take Python twice as long to spell.
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in zip(*values, strict=True):
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            cursor.executemany(statement, list(zip(*values, strict=True)))


def fields_of(model: type[models.Model], columns: Sequence[str]) -> list[Any]:
    """The fields of these columns; a foreign key may be named with or without `_id`."""
    return [model._meta.get_field(name) for name in columns]


class Blank(Generic[M]):
    """Makes new objects of a model, four times as fast as its constructor does when it has to ask
    every column for its default."""

    def __init__(self, model: type[M]) -> None:
        fields = model._meta.concrete_fields
        self._model = model
        self._places = {field.attname: place for place, field in enumerate(fields)}
        self._values = [field.get_default() for field in fields]
        # Lists and the like must be every object's own.
        self._fresh = [
            (place, field.default)
            for place, field in enumerate(fields)
            if field.has_default() and callable(field.default)
        ]

    def __call__(self, **values: Any) -> M:
        row = self._values.copy()
        for place, fresh in self._fresh:
            row[place] = fresh()
        for name, value in values.items():
            row[self._places[name]] = value
        return self._model(*row)


def insert_objects(objects: Sequence[models.Model], key: str) -> None:
    """Insert new objects, and give them their ids, found by the unique column `key`.

    Three times as fast as `bulk_create`, whose expressions and batches cost more than the rows.
    """
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields]
    # New objects hold every column; their attributes would be asked for by way of descriptors.
    values_of = itemgetter(*names)
    insert_rows(model, names, [values_of(vars(one)) for one in objects])
    keys = [getattr(one, key) for one in objects]
    ids = dict(model._default_manager.filter(**{f"{key}__among": keys}).values_list(key, "pk"))
    for one in objects:
        one.pk = ids[getattr(one, key)]
        one._state.adding, one._state.db = False, connection.alias


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `columns` of many rows, each given once as (value, …, primary key)."""
    fields = fields_of(model, columns)
    every = [*fields, model._meta.pk]
    # The connection itself: the name everybody uses looks it up at every touch.
    values = _prepared(every, rows, connections[DEFAULT_DB_ALIAS])
    if not values:
        return
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), [quote(field.column) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in every)
            sets = ", ".join(f"{name} = given.{name}" for name in names)
            given = f"unnest({arrays}) AS given ({', '.join(names)}, pk)"
            cursor.execute(f"UPDATE {table} SET {sets} FROM {given} WHERE id = given.pk", values)
        else:
            sets = ", ".join(f"{name} = %s" for name in names)
            statement = f"UPDATE {table} SET {sets} WHERE id = %s"
            cursor.executemany(statement, list(zip(*values, strict=True)))


def analyze(using: str = DEFAULT_DB_ALIAS) -> None:
    """Let PostgreSQL see what its tables hold now. (SQLite plans by what stands in the queries.)"""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("ANALYZE")


def _prepared(fields: Sequence[Any], rows: Iterable[Sequence[Any]], here: Any) -> list[list[Any]]:
    """Values, column by column, as the database `here` wants them: numbers, keys and plain texts
    are that already, and None always is."""
    columns = zip(*rows, strict=True)
    return [
        list(column)
        if _is_plain(field)
        else [None if value is None else field.get_db_prep_save(value, here) for value in column]
        for field, column in zip(fields, columns, strict=False)
    ]


def _is_plain(field: Any) -> bool:
    if isinstance(field, JSONTextField):
        return False
    plain = models.IntegerField | models.AutoField | models.CharField | models.TextField
    return field.is_relation or isinstance(field, plain)
