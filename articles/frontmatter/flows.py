"""Patching what stands in brackets and braces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .changes import ABSENT, Change, Item, Items, Plan, Put, Within
from .emit import emit_flow, emit_flow_item
from .schema import Key, Schema
from .source import Source, place_of
from .spans import Awkward, Collection, MappingSpan, ScalarSpan, SequenceSpan, Span, name_of

PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
GAP = re.compile(r"((?:\s|#[^\n]*)*)(,?)((?:\s|#[^\n]*)*)")


@dataclass(slots=True)
class Piece:
    """One entry with the blanks and comments before and after the comma that leads to it."""

    name: str
    body: str
    before: str = ""
    after: str = " "


def patch_flow(source: Source, node: Span, change: Change, key: Key) -> str:
    """The new text of a list or mapping in flow style, from its anchor to its closing bracket."""
    match node, change:
        case MappingSpan(flow=True), Within(plan) if key.keys:
            return patch_flow_mapping(source, node, plan, key.keys)
        case SequenceSpan(flow=True), Items(items):
            return _patch_sequence(source, node, items, key)
    raise Awkward(f"{key.name} is not written out here")


def patch_flow_mapping(source: Source, node: MappingSpan, plan: Plan, schema: Schema) -> str:
    """The new text of a mapping in braces."""
    bounds = [(key.start, max(key.end, value.end)) for key, value in node.pairs]
    pieces = _pieces(source, node, bounds)
    kept: list[Piece] = []
    for (name_span, value), piece in zip(node.pairs, pieces, strict=True):
        piece.name = name_of(name_span)
        change = plan.get(piece.name)
        if change is ABSENT:
            continue
        if change is not None:
            key = schema.by_name[piece.name]
            piece.body = _changed(source, name_span, value, change, key)
        kept.append(piece)
    present = {piece.name for piece in pieces}
    for key in schema.order:
        change = plan.get(key.name)
        if key.name not in present and isinstance(change, Put):
            at = place_of(key.name, [piece.name for piece in kept], schema)
            body = f"{key.name}: {emit_flow(key, change.value)}"
            kept.insert(at, Piece(key.name, body, after=_spacing(pieces)))
    return _join(source, node, bounds, pieces, kept)


def _changed(source: Source, name: Span, value: Span, change: Change, key: Key) -> str:
    start = source.text[name.start : value.start]
    if not isinstance(change, Put):
        return start + patch_flow(source, value, change, key)
    if value.start == value.end:
        start = f"{source.text[name.start : name.end]}: "
    return start + emit_flow(key, change.value)


def _patch_sequence(source: Source, node: SequenceSpan, items: tuple[Item, ...], key: Key) -> str:
    bounds = [(item.start, item.end) for item in node.items]
    pieces = _pieces(source, node, bounds)
    kept: list[Piece] = []
    for item in items:
        if item.index is None:
            body = emit_flow_item(key, item.value)
            kept.append(Piece("", body, after=_spacing(pieces)))
            continue
        piece = pieces[item.index]
        if item.changes:
            piece.body = _patched_item(source, node.items[item.index], item, key)
        kept.append(piece)
    return _join(source, node, bounds, pieces, kept)


def _patched_item(source: Source, node: Span, item: Item, key: Key) -> str:
    if isinstance(node, ScalarSpan):
        return emit_flow_item(key, item.value)
    within = Within(item.changes)
    if isinstance(node, MappingSpan) and key.keys:
        return patch_flow(source, node, within, key)
    raise Awkward(f"an item of {key.name} is not written out here")


def _opening(source: Source, node: Collection) -> int:
    properties = PROPERTIES.match(source.text, node.start)
    at = properties.end() if properties else node.start
    if source.text[at] not in "[{":
        raise Awkward("a pair without braces")
    return at + 1


def _pieces(source: Source, node: Collection, bounds: list[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = _opening(source, node)
    for start, end in bounds:
        gap = _gap(source, at, start)
        before, after = (gap[1], gap[3]) if gap[2] else ("", gap[0])
        pieces.append(Piece("", source.text[start:end], before, after))
        at = end
    return pieces


def _spacing(pieces: list[Piece]) -> str:
    """What a new entry gets behind its comma, so that a line for each entry stays one."""
    spacing = pieces[-1].after if pieces else " "
    is_usual = len(pieces) > 1 or "\n" in spacing
    return spacing if is_usual and not spacing.strip() else " "


def _gap(source: Source, start: int, end: int) -> re.Match[str]:
    gap = GAP.fullmatch(source.text, start, end)
    if gap is None:
        raise Awkward("something other than a comma stands between two entries")
    return gap


def _join(
    source: Source,
    node: Collection,
    bounds: list[tuple[int, int]],
    old: list[Piece],
    kept: list[Piece],
) -> str:
    opening = _opening(source, node)
    lead = source.text[opening : bounds[0][0]] if bounds else ""
    closing = source.text[bounds[-1][1] if bounds else opening : node.end - 1]
    out = [source.text[node.start : opening]]
    for place, piece in enumerate(kept):
        if place and old and piece is old[0]:
            piece.after = _spacing(old)
        out += [lead] if place == 0 else [piece.before, ",", piece.after]
        out.append(piece.body)
    out += [closing if kept else "", source.text[node.end - 1 : node.end]]
    return "".join(out)
