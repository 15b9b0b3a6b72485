"""Whether what is stored agrees with itself."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Count, F, Q

from ..exchange.passages import restored
from ..models import Article, Revision, Source, Story, Upload
from ..search import headlines, tables
from ..search.headlines import TABLE as HEADLINES
from ..states import State
from ..uploads.keeping import place_of

AT_ONCE = 200
NAMED = 10
"""Of each kind of problem, that many are named and the rest is counted."""


def problems() -> Iterator[str]:
    """Everything that does not agree, as sentences; nothing is changed."""
    for check in CHECKS:
        found = check()
        named = list(islice(found, NAMED))
        yield from named
        if more := sum(1 for _ in found):
            yield f"… and {more} more like the last one"


@transaction.atomic
def rebuild() -> None:
    """Make everything anew that is searched."""
    for index in (tables, headlines):
        index.rebuild(DEFAULT_DB_ALIAS)


def database() -> Iterator[str]:
    """What SQLite says of its own file; PostgreSQL enforces what is asked here."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (f"the file: {said}" for (said,) in cursor.fetchall() if said != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            for table, row, other, _ in cursor.fetchall():
                yield f"row {row} of {table} names a row of {other} that is not there"


def bases() -> Iterator[str]:
    """Every file as last agreed on is the bytes that its digest is of."""
    rows = Source.objects.filter(data__isnull=False).values_list("path", "digest", "data")
    still = rows.order_by("pk").iterator(chunk_size=AT_ONCE)
    while some := list(islice(still, AT_ONCE)):
        for path, digest, data in some:
            try:
                (file,) = restored([data])
            except (KeyError, ValueError, zlib.error) as error:
                yield f"the base of {path} cannot be read: {error}"
                continue
            if file is None or sha256(file).digest() != bytes(digest or b""):
                yield f"the base of {path} is not what its digest says"


def revisions() -> Iterator[str]:
    """Every revision can be read."""
    rows = Revision.objects.order_by("pk").values_list("pk", "article__slug", "data")
    for pk, slug, data in rows.iterator(chunk_size=AT_ONCE):
        try:
            zlib.decompress(data).decode()
        except (zlib.error, UnicodeDecodeError) as error:
            yield f"revision {pk} of {slug} cannot be read: {error}"


def stories() -> Iterator[str]:
    """Every story has members, one of them leads, and it says how many there are."""
    leads = Count("members", filter=Q(members__is_lead=True))
    counted = Story.objects.annotate(members_=Count("members"), leads_=leads)
    wrong = counted.filter(Q(members_=0) | ~Q(leads_=1) | ~Q(member_count=F("members_")))
    for pk, said, members, leading in wrong.values_list(
        "pk", "member_count", "members_", "leads_"
    ).iterator():
        yield f"story {pk} has {members} members, {leading} of them leading, and says {said}"


def searched() -> Iterator[str]:
    """What is searched is what there is to be searched."""
    live = Article.objects.filter(state=State.PUBLISHED).count()
    everything = Article.objects.filter(published_at__isnull=False).count()
    for table, wanted in (("articles_search", live), (HEADLINES, everything)):
        if (rows := _rows(table)) is not None and rows != wanted:
            yield f"{table} has {rows} rows for {wanted} articles: --rebuild makes it anew"


def uploads() -> Iterator[str]:
    """Files that wait to be imported are there."""
    for upload in Upload.objects.exclude(folder="").defer("plan"):
        if not place_of(upload.folder).is_dir():
            yield f"the files of the upload {upload.name} ({upload.pk}) are gone"


def _rows(table: str) -> int | None:
    """How many rows a table has; None for one that keeps no rows that could be counted."""
    if connection.vendor == "sqlite" and table == HEADLINES:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    database,
    bases,
    revisions,
    stories,
    searched,
    uploads,
)
