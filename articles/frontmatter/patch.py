"""Changing some keys of a file where they stand, every other line keeping its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from .blocks import patch_block
from .changes import ABSENT, Entry, Plan, expected, plan_changes
from .errors import Refused
from .fences import BOM, Parts, split
from .read import read
from .record import Limits, Record
from .resolve import links_kept, write_out, write_out_all
from .schema import ARTICLE, Schema
from .source import Source
from .spans import Awkward, parse

__all__ = ["ABSENT", "Entry", "Unpatchable", "patch"]

LIMITS = Limits()
# Where an anchor may stand, and some text besides, but not the ampersands of addresses.
ANCHOR = re.compile(r"(?:\A|[\s\[{,:])&[\w-]")


class Unpatchable(ValueError):
    """No way was found to write the changes so that the file reads back as wanted."""


def patch(
    data: bytes,
    changes: Mapping[str, object],
    schema: Schema = ARTICLE,
    *,
    body: str | None = None,
    limits: Limits = LIMITS,
) -> bytes:
    """The file with the keys of `changes`, and the body if given, rewritten in their own places.

    `changes` maps top-level keys to values as `Record.values` holds them, or to `ABSENT`; None, an
    empty list and an empty mapping take the key out as well. `related` is a list of `Entry`.
    A value that a key has already is no change. Mappings are changed key by key; images keep the
    place and the unknown keys of the one with the same `url`; texts in a list keep their bytes.

    The result is read again before it is returned: changed keys have their new values, all else
    has its old one. Raises `Refused` when `data` breaks the contract, `Unpatchable` when the
    changed file would, `KeyError`, `TypeError` or `ValueError` for changes that are none.
    """
    record = read(data, schema, limits)
    plan = plan_changes(record.values, changes, schema)
    parts = split(data, schema, limits)
    if body is not None and body != record.body:
        parts = _with_body(parts, schema, body)
    elif not plan:
        return data
    wanted = Record(
        expected(record.values, plan), record.unknown, record.body if body is None else body
    )
    problem: Exception | None = None
    for attempt in _attempts(parts, plan, schema):
        try:
            patched = replace(parts, block=attempt())
            return _checked(patched, parts, wanted, plan, schema, limits)
        except (Awkward, Refused) as error:
            problem = problem or error
    raise Unpatchable(f"cannot change {', '.join(plan)}: {problem}") from problem


def _attempts(parts: Parts, plan: Plan, schema: Schema) -> Iterator[Callable[[], str]]:
    """In place; then with what anchors link written out first, what changes too, all of it."""
    if not plan:
        yield lambda: parts.block
        return
    ended = parts.block.endswith("\n")
    eol = _line_end(parts)
    source = Source(parts.block if ended else parts.block + eol, eol)

    def patched(text: str) -> str:
        block = patch_block(Source(text, eol), parse(text), plan, schema)
        return block if ended else block.removesuffix(eol)

    yield lambda: patched(source.text)
    yield lambda: patched(write_out(source, parse(source.text), plan, ()))
    yield lambda: patched(write_out(source, parse(source.text), plan, plan))
    yield lambda: patched(write_out_all(source, parse(source.text)))


def _checked(
    patched: Parts, old: Parts, wanted: Record, plan: Plan, schema: Schema, limits: Limits
) -> bytes:
    data = _joined(patched)
    got = read(data, schema, limits)
    if (got.values, got.unknown, got.body) != (wanted.values, wanted.unknown, wanted.body):
        raise Awkward("the changed file does not read back as wanted")
    if ANCHOR.search(old.block) and not links_kept(old.block, patched.block, plan):
        raise Awkward("an anchor carries the change elsewhere")
    return data


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
