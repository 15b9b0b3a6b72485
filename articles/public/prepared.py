"""Queries that are built and compiled once: each time, only their values are given.

Putting a query together and compiling it takes Django ten times as long as the database needs to
answer it, and pages ask the same few all day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Field, QuerySet, Value

Converter = Callable[[Any, Any, Any], Any]


class Given(Value):
    """The place of a value in a query: stands in filters where the value would."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(name, output_field=field or DateTimeField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def bound(self, value: Any) -> Any:
        """The value as the database's driver takes it."""
        return self.output_field.get_db_prep_value(value, connection)


class GivenIds(Given):
    """The place of a list of ids, behind `__in`: one parameter for any number of them."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            return "(SELECT unnest(%s::bigint[]))", [self]
        return "(SELECT value FROM json_each(%s))", [self]

    def bound(self, value: Any) -> str:
        ids = ",".join(map(str, value))
        return f"{{{ids}}}" if connection.vendor == "postgresql" else f"[{ids}]"


class Prepared:
    """A query of tuples (`values_list`); `build` puts it together, with a `Given` for each value.

    What it is built of beside those may only be constants and the setting COVERAGE.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        self._compiled: dict[tuple[str, str], _Compiled] = {}

    def rows(self, **values: Any) -> list[Sequence[Any]]:
        """What it finds with these values, each under the name of its place; one query."""
        key = (connection.vendor, settings.COVERAGE)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _compile(self._build())
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.parameters(values))
            return compiled.converted(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    places: Sequence[Any]
    converters: Sequence[tuple[int, Any, Sequence[Converter]]]

    def parameters(self, values: dict[str, Any]) -> list[Any]:
        bound: dict[str, Any] = {}
        found = []
        for place in self.places:
            if isinstance(place, Given):
                name = place.value
                if name not in bound:
                    bound[name] = place.bound(values[name])
                place = bound[name]
            found.append(place)
        return found

    def converted(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        if not self.converters:
            return list(rows)
        found = [list(row) for row in rows]
        for column, expression, converters in self.converters:
            for row in found:
                for converter in converters:
                    row[column] = converter(row[column], expression, connection)
        return list(found)


def _compile(query: QuerySet[Any]) -> _Compiled:
    compiler = query.query.get_compiler(connection=connection)
    sql, places = compiler.as_sql()
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    return _Compiled(
        sql, list(places), [(n, expression, found) for n, (found, expression) in converters.items()]
    )
