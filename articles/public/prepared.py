"""Queries that are built and compiled once: each time, only their values are given.

Putting a query together and compiling it takes Django ten times as long as the database needs to
answer it, and pages ask the same few all day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.models import DateTimeField, Field, Func, QuerySet, Value

from . import replica
from .sharing import made

_REMEMBERED = 2048

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


class AsKept(Func):
    """A time in the words of the database.

    SQLite's driver parses each, and pages show the same few over and over: prepared queries know
    them by their words.
    """

    arity, template = 1, "%(expressions)s"

    def __init__(self, column: str) -> None:
        super().__init__(column, output_field=DateTimeField())

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # No column any more, and without its type.
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


class Prepared:
    """A query of tuples (`values_list`); `build` puts it together, with a `Given` for each value.

    Lists and mappings in the rows are shared with those of other times: nobody may change them.

    What it is built of beside those may only be constants and the setting COVERAGE.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        self._compiled: dict[tuple[str, str], _Compiled] = {}

    def rows(self, **values: Any) -> list[Sequence[Any]]:
        """What it finds with these values, each under the name of its place; one query."""
        return self._answer("", values)

    def part(self, start: int, stop: int, **values: Any) -> list[Sequence[Any]]:
        """As `rows`, but only these of them; the query is not sliced itself."""
        cut = connection.ops.limit_offset_sql(start, stop)
        return self._answer(f" {cut}", values)

    def _answer(self, cut: str, values: dict[str, Any]) -> list[Sequence[Any]]:
        answers = made()
        if answers is None:
            return self._asked(cut, values)
        question = (self, cut, _hashable(values))
        if question not in answers:
            answers[question] = self._asked(cut, values)
        # Whoever asks may add to the list.
        return list(answers[question])

    def know(self, rows: list[Any], **values: Any) -> None:
        """Keep what it finds with these values, where somebody read it with much else at once; only
        within `sharing`."""
        shared = made()
        if shared is not None:
            shared[self, "", _hashable(values)] = rows

    def _asked(self, cut: str, values: dict[str, Any]) -> list[Sequence[Any]]:
        key = (connection.vendor, settings.COVERAGE)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _compile(self._build())
        with connections[replica.alias()].cursor() as cursor:
            cursor.execute(compiled.sql + cut, compiled.parameters(values))
            return compiled.converted(cursor.fetchall())


def _hashable(values: dict[str, Any]) -> frozenset[Any]:
    return frozenset(
        (name, tuple(one) if isinstance(one, list) else one) for name, one in values.items()
    )


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`converters` turn a column, by its number, into values."""

    sql: str
    places: Mapping[str, Given]
    converters: Sequence[tuple[int, Callable[[Any], Any]]]

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: place.bound(values[name]) for name, place in self.places.items()}

    def converted(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        if not self.converters or not rows:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for column, convert in self.converters:
            columns[column] = map(convert, columns[column])
        return list(zip(*columns, strict=True))


def _compile(query: QuerySet[Any]) -> _Compiled:
    compiler = query.query.get_compiler(connection=connection)
    sql, places = compiler.as_sql()
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    return _Compiled(
        _with_constants(sql, places),
        {place.value: place for place in places if isinstance(place, Given)},
        [(n, _remembering(expression, found)) for n, (found, expression) in converters.items()],
    )


def _with_constants(sql: str, places: Sequence[Any]) -> str:
    """The query with its constants written out, and a name wherever a value is given.

    For a constant that an index's condition names too, SQLite would else make its plan anew each
    time, which takes as long as the answer.
    """
    quoted = connection.schema_editor().quote_value
    found = (
        f"%({one.value})s" if isinstance(one, Given) else str(quoted(one)).replace("%", "%%")
        for one in places
    )
    return sql.replace("%%", "%%%%") % tuple(found)


def _remembering(expression: Any, converters: Sequence[Converter]) -> Callable[[Any], Any]:
    """Converts what a database gave; pages show the same times and logos over and over."""

    @lru_cache(maxsize=_REMEMBERED)
    def convert(value: Any) -> Any:
        for converter in converters:
            value = converter(value, expression, connection)
        return value

    return convert
