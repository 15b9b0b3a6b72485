"""Counting without reading everything: as far as a bound, many counts in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Counted:
    """A number of rows; with `is_more` there are more than `number`."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_more else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


def count_up_to(bound: int, rows: Mapping[str, QuerySet[Any]]) -> dict[str, Counted]:
    """How many rows each query has, looking at no more than `bound` of them; one query in all.

    A query keeps its order: where an index has it, that is where the walk ends early.
    """
    columns = [_column(found.values("pk")[: bound + 1]) for found in rows.values()]
    values = [value for _, among in columns for value in among]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _ in columns)}", values)
        numbers = cursor.fetchone()
    return {
        name: Counted(min(number, bound), number > bound)
        for name, number in zip(rows, numbers, strict=True)
    }


def _column(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", values
