"""The rows of every table, the same on either database, and digests that prove it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

from providers.fields import JSONTextField

AT_ONCE = 2000
BITS = 256


class Counted(NamedTuple):
    """How many rows a table has, and their digest in hexadecimal, whatever their order."""

    rows: int
    digest: str


class Tally:
    """Rows added up: the sum of their SHA-256, so that no order of rows is needed."""

    def __init__(self, model: type[models.Model]) -> None:
        self._texts = [
            place for place, field in enumerate(columns(model)) if isinstance(field, JSONTextField)
        ]
        self._fields = columns(model)
        self._rows = self._sum = 0

    def add(self, row: Sequence[Any]) -> None:
        said = list(row)
        for place in self._texts:
            # As text: the order of its keys counts.
            said[place] = self._fields[place].get_prep_value(said[place])
        written = json.dumps(said, default=_plain, sort_keys=True, separators=(",", ":"))
        self._rows += 1
        self._sum += int.from_bytes(sha256(written.encode()).digest(), "big")

    @property
    def counted(self) -> Counted:
        return Counted(self._rows, f"{self._sum % 2**BITS:0{BITS // 4}x}")


def tables() -> list[type[models.Model]]:
    """Every table that Django knows, migrations among them; what is searched is made from these."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return [MigrationRecorder.Migration, *found]


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What is stored of a row, in the order in which `rows` gives it."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def rows(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """Every row as Python's values, a few at a time."""
    names = [field.attname for field in columns(model)]
    found = model._base_manager.using(alias).order_by().values_list(*names)
    return iter(found.iterator(chunk_size=AT_ONCE))


def count_rows(alias: str) -> dict[str, Counted]:
    """Rows and digest of every table, by its name."""
    found = {}
    for model in tables():
        tally = Tally(model)
        for row in rows(model, alias):
            tally.add(row)
        found[model._meta.db_table] = tally.counted
    return found


def forget_sessions(alias: str) -> None:
    """Who steals a copy must not find himself signed in."""
    Session.objects.using(alias).all().delete()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return sha256(value).hexdigest()
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    raise TypeError(f"no column holds {type(value).__name__}")
