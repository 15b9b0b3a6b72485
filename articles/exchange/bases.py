"""The base of every file: what was last agreed, what waits, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ..frontmatter import Problem
from ..frontmatter.merge import SOURCE_GROUP, Clash
from ..frontmatter.record import Values
from ..models import Conflict, Run, Source
from ..models.bulk import insert_rows, update_rows
from .passages import packed_files, restored
from .scan import Found, Kind


def digest_of(data: bytes) -> bytes:
    """SHA-256 of a file's bytes, 32 bytes."""
    return sha256(data).digest()


class Known(NamedTuple):
    """What is stored of one file, without its bytes; digests are None where there is nothing."""

    id: int
    key: str
    root: str
    path: str
    digest: bytes | None
    written_digest: bytes | None
    theirs_digest: bytes | None
    refused_digest: bytes | None
    missing_since: datetime | None


def known(kind: Kind, keys: Iterable[str]) -> dict[str, Known]:
    """The stored sources of these files by key; one query."""
    rows = Source.objects.filter(kind=kind, key__among=list(keys)).values_list(*Known._fields)
    return {row[1]: Known._make(map(_plain, row)) for row in rows}


def _plain(value: Any) -> Any:
    """PostgreSQL's driver answers a view on bytes."""
    return bytes(value) if isinstance(value, memoryview) else value


def load(kind: Kind, keys: Iterable[str]) -> dict[str, Source]:
    """The stored sources with their bytes, by key; a constant number of queries."""
    found = list(Source.objects.filter(kind=kind, key__among=list(keys)))
    read_in(found)
    return {source.key: source for source in found}


def base_bytes(ids: Iterable[int]) -> dict[int, bytes]:
    """The bytes last agreed on, by the id of their source; two queries, no rows are made."""
    rows = Source.objects.filter(pk__among=list(ids), data__isnull=False)
    stored = list(rows.values_list("pk", "data"))
    files = restored([data for _, data in stored])
    return {pk: file for (pk, _), file in zip(stored, files, strict=True) if file is not None}


def read_in(sources: Sequence[Source]) -> None:
    """Put the files' bytes at `base_bytes` and `theirs_bytes` of each source."""
    files = restored([packed for source in sources for packed in (source.data, source.theirs)])
    for source, base, theirs in zip(sources, files[::2], files[1::2], strict=True):
        source.base_bytes, source.theirs_bytes = base, theirs


def agree(
    run: Run,
    taken: Sequence[tuple[Found, bytes, bytes]],
    stored: Mapping[str, Source],
) -> None:
    """Make (file, bytes, digest) the base of each file; nothing waits or is refused any more."""
    packed = packed_files([data for _, data, _ in taken])
    kept = [
        (found, digest, data, stored.get(found.key))
        for (found, _, digest), data in zip(taken, packed, strict=True)
    ]
    insert_rows(
        Source,
        ["kind", "key", "root", "path", "digest", "data", "run"],
        [
            (found.kind, found.key, str(found.root), found.path, digest, data, run.pk)
            for found, digest, data, source in kept
            if source is None
        ],
    )
    columns = ["root", "path", "digest", "data", "run", *_CLEARED]
    none = [None] * len(_CLEARED)
    update_rows(
        Source,
        columns,
        [
            (str(found.root), found.path, digest, data, run.pk, *none, source.pk)
            for found, digest, data, source in kept
            if source is not None
        ],
    )


def agreed(source: Source, parse: Callable[[bytes], Values]) -> Values:
    """The values last agreed on, key by key: those of the waiting file where they were taken."""
    base = parse(source.base_bytes) if source.base_bytes is not None else {}
    if source.theirs_bytes is None:
        return base
    waiting = parse(source.theirs_bytes)
    held: set[str] = set()
    for conflict in source.conflicts.filter(resolution=""):
        held |= set(conflict.theirs or ()) if conflict.key == SOURCE_GROUP else {conflict.key}
    return {key: value for key, value in waiting.items() if key not in held} | {
        key: base[key] for key in held if key in base
    }


def opened(found: Found, run: Run) -> Source:
    """A source without a base, for a file that meets a row made here; stored by `wait`."""
    return Source(kind=found.kind, key=found.key, root=str(found.root), path=found.path, run=run)


_CLEARED = (
    "theirs",
    "theirs_digest",
    "refused_digest",
    "refused_at",
    "refused_for",
    "missing_since",
)


def wait(source: Source, data: bytes, digest: bytes, clashes: Sequence[Clash], run: Run) -> None:
    """Keep a newer version of a file beside its base until its conflicts are resolved."""
    (source.theirs,) = packed_files([data])
    source.theirs_digest = digest
    source.refused_digest = source.refused_at = source.refused_for = source.missing_since = None
    source.save()
    source.conflicts.filter(resolution="").delete()
    Conflict.objects.bulk_create(
        Conflict(
            source=source,
            key=clash.key,
            theirs=as_json(clash.theirs),
            ours=as_json(clash.ours),
            message=clash.message,
            run=run,
        )
        for clash in clashes
    )


def see(unchanged: Iterable[tuple[Found, Known]]) -> None:
    """Note where unchanged files were read now, and that they are neither missing nor refused."""
    rows = [
        (str(found.root), found.path, None, None, None, None, stored.id)
        for found, stored in unchanged
        if (stored.root, stored.path) != (str(found.root), found.path)
        or stored.missing_since
        or stored.refused_digest
    ]
    columns = ["root", "path", "missing_since", "refused_digest", "refused_at", "refused_for"]
    update_rows(Source, columns, rows)


def miss(
    roots: Iterable[str], seen: Mapping[str, Collection[str]], at: datetime
) -> list[tuple[str, str]]:
    """(kind, path) of the files of these folders that are gone; `seen` holds keys by kind."""
    sources = Source.objects.filter(root__in=list(roots), data__isnull=False).values_list(
        "pk", "kind", "key", "path", "missing_since"
    )
    gone = [row for row in sources.iterator() if row[2] not in seen[row[1]]]
    update_rows(Source, ["missing_since"], [(at, row[0]) for row in gone if row[4] is None])
    return sorted((row[1], row[3]) for row in gone)


def forget(roots: Iterable[str], seen: Mapping[str, Collection[str]]) -> None:
    """Drop what was only ever refused and is gone from these folders; `seen` as in `miss`."""
    refused = Source.objects.filter(root__in=list(roots), data__isnull=True, theirs__isnull=True)
    rows = refused.values_list("pk", "kind", "key")
    gone = [pk for pk, kind, key in rows if key not in seen[kind]]
    Source.objects.filter(pk__among=gone).delete()


def settle(sources: Iterable[Source], at: datetime) -> None:
    """Close what was in conflict: the file took its change back, or agrees by now."""
    ids = [source.pk for source in sources]
    Conflict.objects.filter(source__among=ids, resolution="").update(
        resolution=Conflict.Resolution.OURS, resolved_at=at
    )


def refuse(
    run: Run,
    refusals: Sequence[tuple[Found, bytes, tuple[Problem, ...]]],
    stored: Mapping[str, Known],
    at: datetime,
) -> None:
    """Remember (file, digest, problems) of refused files beside their last good version."""
    Source.objects.bulk_create(
        Source(
            kind=found.kind,
            key=found.key,
            root=str(found.root),
            path=found.path,
            run=run,
            refused_digest=digest,
            refused_at=at,
            refused_for=[asdict(problem) for problem in problems],
        )
        for found, digest, problems in refusals
        if found.key not in stored
    )
    update_rows(
        Source,
        ["refused_digest", "refused_at", "refused_for", "missing_since"],
        [
            (digest, at, [asdict(problem) for problem in problems], None, stored[found.key].id)
            for found, digest, problems in refusals
            if found.key in stored and stored[found.key].refused_digest != digest
        ],
    )


def as_json(value: object) -> object:
    """A front-matter value as JSON can hold it: moments as ISO 8601 texts."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def root_of(source: Source) -> Path:
    """The content folder that a file was last read from."""
    return Path(source.root)


def storable(key: str) -> str:
    """A file's stem as its column can hold it; only names that are refused are ever changed."""
    return key.encode(errors="replace").decode()[:253]
