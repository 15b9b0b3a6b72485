"""What a run over many files remembers: the related entries it has parsed, by their text.

The files of a story repeat each other's data: of a real site's entries one in twenty-two is new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import lines
from .assemble import assemble
from .compose import Composer
from .errors import Refused
from .events import is_disputed, is_odd, parser
from .fences import Parts
from .nodes import Composed, Scalar, Sequence
from .record import Limits, Record, Values
from .schema import Schema, Type
from .values import Typist

KEY = "related"
HEAD = f"{KEY}:\n"
ITEM = "\n  - "
START = f"{HEAD}  - "
END = re.compile(r"\n(?=[^ \n])")
# The nodes that stand around the one entry of a file that holds nothing else: mapping, key, list.
AROUND = 3


@dataclass(frozen=True, slots=True)
class _Section:
    """The block without the items of `related`, and the items as texts."""

    rest: str
    items: list[str]
    line: int
    lines: int


@dataclass(slots=True)
class Memory:
    """Remembers entries: the newest `capacity` characters of them, and as many older ones.

    The values it gives out are shared: never change them.
    """

    capacity: int = 600_000
    held: int = 0
    limits: Limits | None = None
    entries: dict[str, tuple[Values, int]] = field(default_factory=dict)
    older: dict[str, tuple[Values, int]] = field(default_factory=dict)

    def recall(self, parts: Parts, schema: Schema, limits: Limits, *, pure: bool) -> Record | None:
        """The record, if the file is so plain that its entries mean the same wherever they stand.

        None at the least doubt and when anything is wrong: then the file must be read whole.
        """
        section = _section(parts, schema)
        if section is None or len(section.items) > limits.related:
            return None
        if limits != self.limits:
            self._forget(limits)
        try:
            return self._recall(section, parts, schema, limits, pure=pure)
        except Refused:
            return None

    def _recall(
        self, section: _Section, parts: Parts, schema: Schema, limits: Limits, *, pure: bool
    ) -> Record | None:
        composed = _compose(section.rest, parts.first_line, limits, pure=pure)
        root = composed.root
        line, node = root.pairs.get(KEY, (0, root))
        # Only an outermost key on the very line that was cut after proves the cut right.
        if composed.ornate or line != section.line or not _is_nothing(node):
            return None
        nodes = composed.total
        related = []
        for text in section.items:
            entry = (
                self.entries.get(text)
                or self._again(text)
                or self._learn(text, schema, limits, pure=pure)
            )
            if entry is None:
                return None
            related.append(entry[0])
            nodes += entry[1]
        if nodes > limits.nodes:
            return None
        record = assemble(root, parts, schema, limits)
        record.values[KEY] = related
        record.lines = {
            key: at + section.lines if at > line else at for key, at in record.lines.items()
        }
        return record

    def _learn(
        self, text: str, schema: Schema, limits: Limits, *, pure: bool
    ) -> tuple[Values, int] | None:
        whole = f"{START}{text}\n"
        if is_disputed(whole) or is_odd(whole):
            return None
        composed = _compose(whole, 1, limits, pure=pure)
        root = composed.root
        _, node = root.pairs.get(KEY, (0, root))
        if (
            composed.ornate
            or len(root.pairs) != 1
            or not isinstance(node, Sequence)
            or len(node.items) != 1
        ):
            return None
        typist = Typist(limits)
        values = typist.mapping(root, schema)[KEY]
        if typist.problems:
            return None
        return self._keep(text, (values[0], composed.total - AROUND))

    def _again(self, text: str) -> tuple[Values, int] | None:
        """An older entry that is met again is among the newest from now on."""
        entry = self.older.get(text)
        return None if entry is None else self._keep(text, entry)

    def _keep(self, text: str, entry: tuple[Values, int]) -> tuple[Values, int]:
        if self.held > self.capacity:
            self.older, self.entries, self.held = self.entries, {}, 0
        self.entries[text] = entry
        self.held += len(text)
        return entry

    def _forget(self, limits: Limits) -> None:
        self.entries.clear()
        self.older.clear()
        self.held = 0
        self.limits = limits


def _section(parts: Parts, schema: Schema) -> _Section | None:
    key = schema.by_name.get(KEY)
    if key is None or key.type is not Type.MAPPINGS or not parts.opening:
        return None
    block = parts.block.replace("\r\n", "\n") if "\r" in parts.block else parts.block
    start = 0 if block.startswith(START) else block.find("\n" + START) + 1
    if start == 0 and not block.startswith(START):
        return None
    begin = start + len(HEAD)
    end = END.search(block, begin)
    stop = end.start() + 1 if end is not None else len(block)
    rest = block[:begin] + block[stop:]
    if is_disputed(rest) or is_odd(rest):
        return None
    last = stop
    while block[last - 1] == "\n":
        last -= 1
    items = block[begin + len(ITEM) - 1 : last].split(ITEM)
    return _Section(
        rest,
        items,
        parts.first_line + block.count("\n", 0, start),
        block.count("\n", begin, stop),
    )


def _compose(text: str, first_line: int, limits: Limits, *, pure: bool) -> Composed:
    composed = None if pure else lines.compose(text, first_line, limits)
    if composed is None:
        source = parser(text, pure=pure)
        composed = Composer(text, source, first_line, limits, {}).compose(marked=False)
    return composed


def _is_nothing(node: object) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text == ""
