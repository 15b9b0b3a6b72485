"""From the highest to the lowest, what is missing at the end: in orders and indexes alike."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate
from django.db.models.indexes import IndexExpression
from django.utils.deconstruct import deconstructible


@deconstructible(path="articles.models.Falling")
class Falling(OrderBy):
    """One column of an order or an index; by itself PostgreSQL would begin with what is missing."""

    def __init__(self, column: str) -> None:
        super().__init__(F(column), descending=True, nulls_last=True)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """What SQLite does unasked, and lets no index say."""
        plain = OrderBy(self.get_source_expressions()[0], descending=self.descending)
        return plain.as_sql(compiler, connection, **more)


# Django asks which of the expressions in an index stand around the others.
IndexExpression.register_wrappers(OrderBy, Collate, Falling)
