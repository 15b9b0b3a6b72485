"""Where each node of a block stands: the tree that patching works on, in offsets of the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from .events import FAILURES, disguise, parser

BLANKS = " \t\r\n"


class Awkward(Exception):
    """A spelling that cannot be patched where it stands."""


@dataclass(slots=True)
class Span:
    """One node: `text[start:end]` with its anchor and tag, without a comment or line end behind it.

    A block collection starts at its first key or dash and ends with its last child; a block
    scalar ends with its last line. `alias` and `anchor` are names, or empty.
    """

    start: int
    end: int
    anchor: str = ""
    alias: str = ""
    tag: str = ""


@dataclass(slots=True)
class ScalarSpan(Span):
    """`value` is the text as read; `style` one of `'"|>`, or empty for plain.

    `is_open`: a block scalar that takes in the empty lines behind it.
    """

    value: str = ""
    style: str = ""
    is_open: bool = False


@dataclass(slots=True)
class SequenceSpan(Span):
    """The items of a list; `flow`: in brackets."""

    flow: bool = False
    items: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class MappingSpan(Span):
    """The keys and values of a mapping; `flow`: in braces."""

    flow: bool = False
    pairs: list[tuple[Span, Span]] = field(default_factory=list)
    key: Span | None = None

    def get(self, name: str) -> Span | None:
        """The value of a key that stands here itself, merges aside."""
        return next((value for key, value in self.pairs if name_of(key) == name), None)


Collection = SequenceSpan | MappingSpan


def name_of(key: Span) -> str:
    """The text of a key; an alias has none."""
    return key.value if isinstance(key, ScalarSpan) else ""


def parse(text: str) -> MappingSpan:
    """The tree of a block; raises `Awkward` for a text that is no YAML, or no mapping.

    For blocks the reader has accepted: what is too deep or too large is refused there.
    """
    plain, restore = disguise(text)
    try:
        root = _build(plain, pure=False)
    except FAILURES:
        # The reader asks the pure parser as well before it gives up.
        root = _build_pure(plain)
    _restore(root, restore)
    first = root.items[0] if root.items else None
    if not isinstance(first, MappingSpan):
        raise Awkward("the front matter is no mapping")
    return first


def _build_pure(text: str) -> SequenceSpan:
    try:
        return _build(text, pure=True)
    except FAILURES as error:
        raise Awkward("the front matter is no YAML") from error


def _build(text: str, *, pure: bool) -> SequenceSpan:
    root = SequenceSpan(0, len(text))
    open_nodes: list[Collection] = [root]
    events = parser(text, pure=pure)
    while (event := events.get_event()) is not None:
        if isinstance(event, yaml.CollectionEndEvent):
            closed = open_nodes.pop()
            closed.end = _end(closed, event)
            continue
        node = _node(event, text)
        if node is None:
            continue
        _add(open_nodes[-1], node)
        if isinstance(node, SequenceSpan | MappingSpan):
            open_nodes.append(node)
    return root


def _restore(node: Span, table: dict[int, str]) -> None:
    match node:
        case ScalarSpan() if table:
            node.value = node.value.translate(table)
        case SequenceSpan() if table:
            for item in node.items:
                _restore(item, table)
        case MappingSpan() if table:
            for pair in node.pairs:
                for each in pair:
                    _restore(each, table)


def _node(event: Any, text: str) -> Span | None:
    start, end = event.start_mark.index, event.end_mark.index
    match event:
        case yaml.AliasEvent():
            return Span(start, end, alias=event.anchor or "")
        case yaml.ScalarEvent():
            style = "" if event.style in (None, "") else event.style
            is_open = False
            if style in ("|", ">"):
                is_open = _takes_empty_lines(text[start:end])
                end = _block_scalar_end(text, start, end)
            tag, anchor = event.tag or "", event.anchor or ""
            return ScalarSpan(start, end, anchor, "", tag, event.value, style, is_open)
        case yaml.SequenceStartEvent():
            return SequenceSpan(
                start, end, event.anchor or "", "", event.tag or "", bool(event.flow_style)
            )
        case yaml.MappingStartEvent():
            return MappingSpan(
                start, end, event.anchor or "", "", event.tag or "", bool(event.flow_style)
            )
    return None


def _add(parent: Collection, node: Span) -> None:
    if isinstance(parent, SequenceSpan):
        parent.items.append(node)
    elif parent.key is None:
        parent.key = node
    else:
        parent.pairs.append((parent.key, node))
        parent.key = None


def _end(node: Collection, event: Any) -> int:
    last = _last_child(node)
    if node.flow and event.end_mark.index > event.start_mark.index:
        return int(event.end_mark.index)
    return node.end if last is None else max(last.end, node.start)


def _last_child(node: Collection) -> Span | None:
    if isinstance(node, SequenceSpan):
        return node.items[-1] if node.items else None
    return node.pairs[-1][1] if node.pairs else None


def ends_open(node: Span) -> bool:
    """Whether a node ends with a block scalar that takes in all empty lines behind it."""
    while isinstance(node, SequenceSpan | MappingSpan):
        last = _last_child(node)
        if last is None:
            return False
        node = last
    return isinstance(node, ScalarSpan) and node.is_open


def _takes_empty_lines(lines: str) -> bool:
    return "+" in lines.split("\n", 1)[0].split("#", 1)[0]


def _block_scalar_end(text: str, start: int, end: int) -> int:
    lines = text[start:end]
    if _takes_empty_lines(lines):
        return start + len(lines.removesuffix("\n").removesuffix("\r"))
    return start + len(lines.rstrip(BLANKS))
