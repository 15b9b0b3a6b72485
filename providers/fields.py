"""Columns that keep text exactly: JSON as it was written, names ordered by code point."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class JSONTextField(models.TextField):
    """Lists and mappings kept as JSON text.

    PostgreSQL's jsonb reorders keys and rewrites numbers, so nothing that came from a file may
    pass through it. Values are lists, dicts, texts, integers, booleans and None.
    """

    # What django-stubs reads as the types of the attribute.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class StemField(models.CharField):
    """A file's stem, ordered by code point on every database.

    SQLite compares bytes already; PostgreSQL would follow the locale without collation "C".
    """

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
