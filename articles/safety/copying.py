"""All rows of one database into another, whichever the two are, in one transaction, and proven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connections, models, transaction

from providers.models import Provider

from ..apps import install, remove
from ..models import Article, Run, Source, Topic
from ..models.bulk import analyze, insert_rows
from . import places
from .rows import AT_ONCE, Counted, Tally, columns, count_rows, rows, tables

T = TypeVar("T")

_HELD: tuple[type[models.Model], ...] = (Article, Source, Provider, Topic, User, Run)
"""Without any of these a database is one that was only migrated."""


class NotEqual(RuntimeError):
    """What was read back is not what was written; nothing was kept."""


class NotEmpty(RuntimeError):
    """There is something that would be lost."""


def copy_database(source: str, target: str) -> dict[str, Counted]:
    """Copy the database of one address into an empty one of another; rows and digests by table.

    The rows are of one moment, and read back before they are kept. Raises NotEmpty, NotEqual, and
    WrongAddress.
    """
    places.migrate(target)
    with places.opened(source) as old, places.opened(target) as new:
        if held := holdings(new):
            raise NotEmpty(f"the target holds {held}; name an empty database")
        with places.one_moment(old):
            return fill(old, new)


def holdings(alias: str) -> str:
    """What of a newsroom a database holds, in words, or empty."""
    counts = [(model, model._base_manager.using(alias).count()) for model in _HELD]
    words = [f"{count:,} {model._meta.verbose_name_plural}" for model, count in counts if count]
    return ", ".join(words)


def fill(source: str, target: str) -> dict[str, Counted]:
    """Put exactly the rows of one database into another, in one transaction; raises NotEqual."""
    connection = connections[target]
    with connection.constraint_checks_disabled(), transaction.atomic(using=target):
        remove(target)
        _empty(target)
        counted = {model._meta.db_table: _copied(model, source, target) for model in tables()}
        _settle(connection)
        install(target)
        analyze(target)
        if wrong := different(counted, count_rows(target)):
            raise NotEqual(f"these tables came out otherwise: {', '.join(wrong)}")
    # Its numbers of kinds are those of the other database.
    ContentType.objects.clear_cache()
    return counted


def different(one: dict[str, Counted], other: dict[str, Counted]) -> list[str]:
    """The tables that are not equal."""
    return sorted(name for name in one | other if one.get(name) != other.get(name))


def _empty(alias: str) -> None:
    connection = connections[alias]
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")


def _copied(model: type[models.Model], source: str, target: str) -> Counted:
    tally = Tally(model)
    names = [field.attname for field in columns(model)]
    for some in _some(rows(model, source)):
        for row in some:
            tally.add(row)
        insert_rows(model, names, some, using=target)
    return tally.counted


def _some(found: Iterable[T]) -> Iterator[list[T]]:
    still = iter(found)
    while some := list(islice(still, AT_ONCE)):
        yield some


def _settle(connection: Any) -> None:
    """Every reference leads somewhere, and the next new row gets a number of its own."""
    connection.check_constraints()
    sequences = connection.ops.sequence_reset_sql(no_style(), tables())
    with connection.cursor() as cursor:
        for statement in sequences:
            cursor.execute(statement)
