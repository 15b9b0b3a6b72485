"""Reads files in chunks of bounded size, and tells what changed by digest before any parsing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

import django
from django.conf import settings

from ..frontmatter import Limits, Memory, Problem, Record, Refused, read
from ..frontmatter.schema import ARTICLE, PROVIDER, TOPIC, Schema
from .bases import Known, digest_of
from .scan import Found, Kind

SCHEMAS: dict[Kind, Schema] = {Kind.ARTICLE: ARTICLE, Kind.PROVIDER: PROVIDER, Kind.TOPIC: TOPIC}

CHUNK_FILES = 400
CHUNK_BYTES = 6_000_000
"""A chunk is one transaction: big enough that statements are few, small enough for memory."""

Outcome = Record | tuple[Problem, ...]


@dataclass(slots=True)
class Loaded:
    """One file's bytes and digest; `trouble` says why it could not be read."""

    found: Found
    data: bytes
    digest: bytes
    trouble: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Chunk:
    """Files of one kind, sorted by what they need: one transaction's worth of changed ones."""

    kind: Kind
    known: dict[str, Known] = field(default_factory=dict)
    unchanged: list[Loaded] = field(default_factory=list)
    standing: list[Loaded] = field(default_factory=list)
    changed: list[Loaded] = field(default_factory=list)

    def has_room_for(self, other: Chunk) -> bool:
        """Whether both make one transaction. Unchanged files take no room: an hourly run over a
        big folder stays whole."""
        files = len(self.changed) + len(other.changed)
        size = sum(len(one.data) for one in (*self.changed, *other.changed))
        return self.kind is other.kind and files <= CHUNK_FILES and size <= CHUNK_BYTES

    def absorb(self, other: Chunk) -> None:
        """Take the changed files of another chunk as well."""
        self.changed += other.changed
        keys = [one.found.key for one in other.changed]
        self.known |= {key: other.known[key] for key in keys if key in other.known}


class Reader:
    """Parses files, remembering repeated entries; with `jobs` > 1 in that many processes."""

    def __init__(self, executor: Executor | None, jobs: int, memory: Memory) -> None:
        self.limits = Limits(**settings.FRONTMATTER_LIMITS)
        self.memory = memory
        self._executor = executor
        self._jobs = jobs

    def one(self, data: bytes, kind: Kind) -> Record:
        """One file's record; raises Refused."""
        return read(data, SCHEMAS[kind], self.limits, memory=self.memory)

    def many(self, texts: Sequence[bytes], kind: Kind) -> Iterator[Outcome]:
        """A record or the problems of each file, in order."""
        if self._executor is None:
            return (parse(data, SCHEMAS[kind], self.limits, self.memory) for data in texts)
        size = -(-len(texts) // self._jobs) or 1
        parts = [texts[start : start + size] for start in range(0, len(texts), size)]
        done = self._executor.map(
            _parse_part, parts, [kind] * len(parts), [self.limits] * len(parts)
        )
        return (outcome for part in done for outcome in part)


@contextmanager
def reader(jobs: int, memory: Memory | None = None) -> Iterator[Reader]:
    """A Reader; its processes, if any, end with the block. They are started anew, not forked:
    a fork would share the database connection. What they are sent lies beside models, so that
    each sets Django up first."""
    if jobs <= 1:
        yield Reader(None, 1, memory or Memory())
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=django.setup) as executor:
        yield Reader(executor, jobs, memory or Memory())


def parse(data: bytes, schema: Schema, limits: Limits, memory: Memory | None) -> Outcome:
    """A record, or why there is none."""
    try:
        return read(data, schema, limits, memory=memory)
    except Refused as refusal:
        return refusal.problems


_memory = Memory()


def _parse_part(texts: Sequence[bytes], kind: Kind, limits: Limits) -> list[Outcome]:
    return [parse(data, SCHEMAS[kind], limits, _memory) for data in texts]


def chunks(found: Iterable[Found], max_bytes: int) -> Iterator[list[Loaded]]:
    """The files' bytes, of one kind a chunk; files beyond `max_bytes` are cut just after it."""
    chunk: list[Loaded] = []
    size = 0
    for one in found:
        full = len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES
        if chunk and (full or chunk[0].found.kind is not one.kind):
            yield chunk
            chunk, size = [], 0
        loaded = load_file(one, max_bytes)
        chunk.append(loaded)
        size += len(loaded.data)
    if chunk:
        yield chunk


def load_file(found: Found, max_bytes: int) -> Loaded:
    """Read one file; one that cannot be read is trouble of its own, not of the run."""
    try:
        file = os.open(found.file, os.O_RDONLY)
        try:
            data = os.read(file, min(os.fstat(file).st_size, max_bytes) + 1)
        finally:
            os.close(file)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        return Loaded(found, b"", b"", (Problem(1, "", f"the file cannot be read: {why}"),))
    return Loaded(found, data, digest_of(data))


def compare(loaded: list[Loaded], known: dict[str, Known]) -> Chunk:
    """Sort files by digest, without looking into them."""
    chunk = Chunk(loaded[0].found.kind, known)
    for one in loaded:
        stored = known.get(one.found.key)
        if one.trouble or stored is None:
            chunk.changed.append(one)
        elif stored.theirs_digest is None and one.digest == stored.digest:
            chunk.unchanged.append(one)
        elif one.digest == stored.theirs_digest:
            chunk.standing.append(one)
        else:
            chunk.changed.append(one)
    return chunk


Accepted = list[tuple[Loaded, Record]]
RefusedFiles = list[tuple[Loaded, tuple[Problem, ...]]]


def parsed(chunk: Chunk, reader: Reader) -> tuple[Accepted, RefusedFiles]:
    """The changed files with their records, and those that are refused with their problems."""
    readable = [one for one in chunk.changed if not one.trouble]
    accepted: Accepted = []
    refused: RefusedFiles = [(one, one.trouble) for one in chunk.changed if one.trouble]
    outcomes = reader.many([one.data for one in readable], chunk.kind)
    for one, outcome in zip(readable, outcomes, strict=True):
        if isinstance(outcome, Record):
            accepted.append((one, outcome))
        else:
            refused.append((one, outcome))
    return accepted, refused
