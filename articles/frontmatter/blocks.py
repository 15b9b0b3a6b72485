"""Patching block style: what stands in lines of its own, by indentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .changes import ABSENT, Change, Item, Items, Plan, Put, Within
from .emit import emit_children, emit_item, emit_key, emit_scalar
from .flows import PROPERTIES, patch_flow, patch_flow_mapping
from .schema import Key, Schema
from .source import COMMENT, Source, place_of
from .spans import Awkward, MappingSpan, ScalarSpan, SequenceSpan, Span, ends_open, name_of

FIRST_PREFIX = re.compile(r" *(?:- +)?")
SKIPPED = re.compile(rf"(?:[ \t\r\n]|{COMMENT})*")
LAST_EMPTY_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t]*\r?\n\Z")
EMPTY_LINES = re.compile(r"\A(?:[ \t]*\r?\n)+")
FIRST_EMPTY_LINE = re.compile(r"[ \t]*\r?\n")


@dataclass(slots=True)
class Piece:
    """The lines of one key from the key on, and the empty and comment lines before them.

    `is_open`: empty lines behind it would become part of its value.
    """

    name: str
    gap: str
    body: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a list's item: where those before it start, where its own do, where they end."""

    before: int
    start: int
    end: int


def patch_mapping(source: Source, node: MappingSpan, plan: Plan, schema: Schema) -> str:
    """The new text of a block mapping's lines, from the line of its first key on."""
    prefix, pieces = cut(source, node)
    column = len(prefix)
    present = {piece.name for piece in pieces}
    for piece, (name, value) in zip(pieces, node.pairs, strict=True):
        change = plan.get(piece.name)
        if change is not None and change is not ABSENT:
            key = schema.by_name[piece.name]
            piece.body = _changed(source, name, value, change, key, column)
            piece.is_open = False
    kept, tail = _without(pieces, plan, schema)
    for key in schema.order:
        change = plan.get(key.name)
        if key.name not in present and isinstance(change, Put):
            _insert(source, kept, key, change.value, column, schema)
    return join(source, prefix, kept, tail)


def region(source: Source, node: MappingSpan) -> tuple[int, int]:
    """Where the lines of a block mapping start and end."""
    first, last = node.pairs[0][0], node.pairs[-1][1]
    return source.line_start(first.start), source.line_end(last.end)


def cut(source: Source, node: MappingSpan) -> tuple[str, list[Piece]]:
    """What stands before the first key in its line, and the keys' pieces; or `Awkward`."""
    if node.flow or not node.pairs:
        raise Awkward("not in block style")
    at, _ = region(source, node)
    prefix = source.text[at : node.pairs[0][0].start]
    if not FIRST_PREFIX.fullmatch(prefix):
        raise Awkward("something stands before a key in its line")
    pieces: list[Piece] = []
    for name, value in node.pairs:
        start = source.line_start(name.start)
        lead = source.text[start : name.start]
        if start < at or lead != (" " * len(prefix) if pieces else prefix):
            raise Awkward("something stands before a key in its line")
        end = source.end_of_lines(value.end)
        gap, body = source.text[at:start], source.text[name.start : end]
        pieces.append(Piece(name_of(name), gap, body, ends_open(value)))
        at = end
    return prefix, pieces


def join(source: Source, prefix: str, pieces: list[Piece], tail: str = "") -> str:
    """The lines of a mapping again; the first key takes over what stood before the old first."""
    if not pieces:
        return f"{prefix}{{}}{source.eol}{tail}"
    leads = [prefix, *[" " * len(prefix)] * (len(pieces) - 1)]
    texts = [f"{piece.gap}{lead}{piece.body}" for lead, piece in zip(leads, pieces, strict=True)]
    return "".join(texts) + tail


def _without(pieces: list[Piece], plan: Plan, schema: Schema) -> tuple[list[Piece], str]:
    """The pieces that stay, and the comments left behind the last of them."""
    kept: list[Piece] = []
    left = ""
    is_behind_removed = False
    for place, piece in enumerate(pieces):
        if plan.get(piece.name) is ABSENT:
            gap = _meet(left, piece.gap)
            is_last = place == len(pieces) - 1
            takes_empty_line = schema.by_name[piece.name].spaced or is_last
            left = LAST_EMPTY_LINE.sub("", gap) if takes_empty_line else gap
            is_behind_removed = True
            continue
        piece.gap, left = _meet(left, piece.gap), ""
        if is_behind_removed and kept and kept[-1].is_open:
            piece.gap = EMPTY_LINES.sub("", piece.gap, count=1)
        is_behind_removed = False
        kept.append(piece)
    return kept, left


def _meet(left: str, gap: str) -> str:
    """Two gaps that come together where a key was, without a doubled empty line."""
    if LAST_EMPTY_LINE.search(left) and (doubled := FIRST_EMPTY_LINE.match(gap)):
        gap = gap[doubled.end() :]
    return left + gap


def _insert(
    source: Source, pieces: list[Piece], key: Key, value: Any, column: int, schema: Schema
) -> None:
    at = place_of(key.name, [piece.name for piece in pieces], schema)
    lines = emit_key(key, value, column)
    body = source.lines([lines[0][column:], *lines[1:]])
    spaced = key.spaced and at > 0 and not pieces[at - 1].is_open
    pieces.insert(at, Piece(key.name, source.eol if spaced else "", body))


def _changed(source: Source, name: Span, value: Span, change: Change, key: Key, column: int) -> str:
    """The new lines of a key that stays, from the key on."""
    head = source.text[name.start : value.start]
    rest = source.text[value.end : source.line_end(value.end)]
    match value, change:
        case _, Put(new):
            return _put(source, name, value, new, key, column)
        case MappingSpan(flow=False), Within(plan) if key.keys:
            first = region(source, value)[0]
            return source.text[name.start : first] + patch_mapping(source, value, plan, key.keys)
        case SequenceSpan(flow=False), Items(items):
            dashes = _dashes(source, value)
            lead = source.text[name.start : dashes[0].start]
            return lead + _patch_sequence(source, value, dashes, items, key)
    return head + patch_flow(source, value, change, key) + rest


def _put(source: Source, name: Span, value: Span, new: Any, key: Key, column: int) -> str:
    head = source.text[name.start : value.start]
    rest = source.text[value.end : source.line_end(value.end)]
    label = f"{source.text[name.start : name.end]}:"
    if isinstance(new, Mapping | list | tuple):
        return source.lines([label + rest.rstrip(), *emit_children(key, new, column)])
    if isinstance(value, MappingSpan | SequenceSpan):
        return f"{label} {emit_scalar(new, key)}{rest}"
    return head + _scalar(source, head, value, emit_scalar(new, key)) + rest


def _scalar(source: Source, head: str, value: Span, text: str) -> str:
    if value.start == value.end:
        if not head.endswith(":"):
            raise Awkward("a key without a colon")
        return f" {text}"
    if isinstance(value, ScalarSpan) and value.style in ("|", ">"):
        header = source.text[value.start : source.line_end(value.start)]
        comment = re.search(rf"\s({COMMENT})", header)
        return f"{text} {comment[1].rstrip()}" if comment else text
    return text


def _dashes(source: Source, node: SequenceSpan) -> list[Lines]:
    found: list[Lines] = []
    properties = PROPERTIES.match(source.text, node.start)
    at = properties.end() if properties else node.start
    column: str | None = None
    for item in node.items:
        skipped = SKIPPED.match(source.text, at)
        dash = skipped.end() if skipped else at
        start = source.line_start(dash)
        lead = source.text[start:dash]
        if source.text[dash : dash + 1] != "-" or lead.strip(" ") or column not in (None, lead):
            raise Awkward("something stands before a dash in its line")
        before = found[-1].end if found else start
        found.append(Lines(before, start, source.end_of_lines(item.end)))
        at, column = item.end, lead
    return found


def _patch_sequence(
    source: Source, node: SequenceSpan, dashes: list[Lines], items: tuple[Item, ...], key: Key
) -> str:
    """The new lines of a block list, from the line of its first dash on."""
    column = _column(source, dashes[0].start)
    texts: list[str] = []
    for item in items:
        if item.index is None:
            texts.append(source.lines(emit_item(key, item.value, column)))
            continue
        lines = dashes[item.index]
        texts.append(source.text[lines.before : lines.start])
        if item.changes:
            texts.append(_patched_item(source, node.items[item.index], item, key, lines))
        else:
            texts.append(source.text[lines.start : lines.end])
    return "".join(texts)


def _column(source: Source, start: int) -> int:
    """The number of spaces a line begins with."""
    line = source.text[start : source.line_end(start)]
    return len(line) - len(line.lstrip(" "))


def _patched_item(source: Source, node: Span, item: Item, key: Key, lines: Lines) -> str:
    if isinstance(node, ScalarSpan):
        return source.lines(emit_item(key, item.value, _column(source, lines.start)))
    if isinstance(node, MappingSpan) and not node.flow and key.keys:
        first = region(source, node)[0]
        lead = source.text[lines.start : first]
        return lead + patch_mapping(source, node, item.changes, key.keys)
    flow = patch_flow(source, node, Within(item.changes), key)
    return source.text[lines.start : node.start] + flow + source.text[node.end : lines.end]


def patch_block(source: Source, node: MappingSpan, plan: Plan, schema: Schema) -> str:
    """The new text of a whole block."""
    if node.flow:
        flow = patch_flow_mapping(source, node, plan, schema)
        return source.text[: node.start] + flow + source.text[node.end :]
    start, end = region(source, node)
    return source.text[:start] + patch_mapping(source, node, plan, schema) + source.text[end:]
