"""Changing some keys of a file where they stand, every other line keeping its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from .blocks import patch_block
from .changes import ABSENT, Entry, Plan, expected, plan_changes
from .errors import Refused
from .fences import BOM, Parts, split
from .lean import around
from .memory import Memory
from .read import read
from .record import Limits, Record
from .resolve import links_kept, write_out, write_out_all
from .schema import ARTICLE, Schema
from .source import Source
from .spans import Awkward, parse

__all__ = ["ABSENT", "Entry", "Unpatchable", "patch", "patched"]

LIMITS = Limits()
# Where an anchor may stand, and some text besides, but not the ampersands of addresses. It begins
# with what is rare: a search for what stands before it would stop at every word.
ANCHOR = re.compile(r"&(?<![^\s\[{,:]&)[\w-]")


class Unpatchable(ValueError):
    """No way was found to write the changes so that the file reads back as wanted."""


def patch(
    data: bytes,
    changes: Mapping[str, object],
    schema: Schema = ARTICLE,
    *,
    body: str | None = None,
    limits: Limits = LIMITS,
    memory: Memory | None = None,
) -> bytes:
    """The file with the keys of `changes`, and the body if given, rewritten in their own places.

    `changes` maps top-level keys to values as `Record.values` holds them, or to `ABSENT`; None, an
    empty list and an empty mapping take the key out as well. `related` is a list of `Entry`.
    A value that a key has already is no change. Mappings are changed key by key; images keep the
    place and the unknown keys of the one with the same `url`; texts in a list keep their bytes.

    The result is read again before it is returned: changed keys have their new values, all else
    has its old one. Raises `Refused` when `data` breaks the contract, `Unpatchable` when the
    changed file would, `KeyError`, `TypeError` or `ValueError` for changes that are none.
    `memory` as for `read`.
    """
    return patched(data, changes, schema, body=body, limits=limits, memory=memory)[0]


def patched(
    data: bytes,
    changes: Mapping[str, object],
    schema: Schema = ARTICLE,
    *,
    body: str | None = None,
    limits: Limits = LIMITS,
    memory: Memory | None = None,
    record: Record | None = None,
) -> tuple[bytes, Record]:
    """As `patch`, with what the result reads back as; `record` is what `data` does, if known."""
    record = record or read(data, schema, limits, memory=memory)
    plan = plan_changes(record.values, changes, schema)
    parts = split(data, schema, limits)
    if body is not None and body != record.body:
        parts = _with_body(parts, schema, body)
    elif not plan:
        return data, record
    wanted = Record(
        expected(record.values, plan), record.unknown, record.body if body is None else body
    )
    problem: Exception | None = None
    for attempt in _attempts(parts, plan, schema):
        try:
            result = replace(parts, block=attempt())
            return _checked(result, parts, wanted, plan, schema, limits, memory)
        except (Awkward, Refused) as error:
            problem = problem or error
    raise Unpatchable(f"cannot change {', '.join(plan)}: {problem}") from problem


def _attempts(parts: Parts, plan: Plan, schema: Schema) -> Iterator[Callable[[], str]]:
    """In place, first without the entries that stay; then with what anchors link written out
    first, what changes too, all of it."""
    if not plan:
        yield lambda: parts.block
        return
    ended = parts.block.endswith("\n")
    eol = _line_end(parts)
    source = Source(parts.block if ended else parts.block + eol, eol)

    def in_place(text: str) -> str:
        block = patch_block(Source(text, eol), parse(text), plan, schema)
        return block if ended else block.removesuffix(eol)

    if (lean := _lean(source.text, plan, schema, eol)) is not None:
        yield lambda: lean if ended else lean.removesuffix(eol)
    yield lambda: in_place(source.text)
    yield lambda: in_place(write_out(source, parse(source.text), plan, ()))
    yield lambda: in_place(write_out(source, parse(source.text), plan, plan))
    yield lambda: in_place(write_out_all(source, parse(source.text)))


def _lean(text: str, plan: Plan, schema: Schema, eol: str) -> str | None:
    """The patched block, where most of it could be left alone; None where that is not certain."""
    if eol != "\n" or ANCHOR.search(text):
        return None
    try:
        return around(text, plan, lambda t, p: patch_block(Source(t, eol), parse(t), p, schema))
    except (Awkward, Refused):
        return None


def _checked(
    patched: Parts,
    old: Parts,
    wanted: Record,
    plan: Plan,
    schema: Schema,
    limits: Limits,
    memory: Memory | None,
) -> tuple[bytes, Record]:
    data = _joined(patched)
    got = read(data, schema, limits, memory=memory)
    if (got.values, got.unknown, got.body) != (wanted.values, wanted.unknown, wanted.body):
        raise Awkward("the changed file does not read back as wanted")
    if ANCHOR.search(old.block) and not links_kept(old.block, patched.block, plan):
        raise Awkward("an anchor carries the change elsewhere")
    return data, got


def _with_body(parts: Parts, schema: Schema, body: str) -> Parts:
    if not parts.closing:
        raise ValueError(f"a {schema.name} file without a closing fence has no body")
    eol = _line_end(parts)
    closing = parts.closing if parts.closing.endswith("\n") else parts.closing + eol
    return replace(parts, body=body.replace("\r\n", "\n").replace("\n", eol), closing=closing)


def _line_end(parts: Parts) -> str:
    return "\r\n" if "\r\n" in (parts.opening or parts.block) else "\n"


def _joined(parts: Parts) -> bytes:
    text = parts.opening + parts.block + parts.closing + parts.body
    return (BOM if parts.bom else b"") + text.encode()
