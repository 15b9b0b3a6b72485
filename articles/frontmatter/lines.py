"""The plain style of canonical files straight from its lines: one value a line, no parser.

Three times as fast as events. Whatever is not plainly of this style is left to the parsers, which
alone decide what is wrong with a text: here nothing is ever refused.
"""

from __future__ import annotations

import re

from .events import is_odd
from .meanings import FALSE, NULLS, TRUE
from .nodes import Collection, Composed, Mapping, Node, Scalar, Sequence
from .record import Limits

# Indent, dash, key, the inside of double quotes, unquoted text, line ends. Everything both parsers
# read the same and on one line: no comment, no blank at the end, no indicator at the beginning,
# only the escapes that the format writes. Possessive, so that no line takes longer than its length.
LINE = re.compile(
    r"( *+)(- )?"
    r"(?:([A-Za-z_][A-Za-z0-9_-]{0,99}+):(?=[ \n]|\Z)(?: (?=[^\n]))?)?"
    r'(?:"([^"\\\n]*+(?:\\["\\nrt][^"\\\n]*+)*+)"|(-?\w(?:[^\n: ]++|:(?=[^ \n])| (?=[^ #\n]))*+))?'
    r"(\n++|\Z)"
)
ESCAPE = re.compile(r"\\(.)")
ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
NOT_TEXT = NULLS | TRUE | FALSE


def compose(text: str, first_line: int, limits: Limits) -> Composed | None:
    """The nodes of a block with LF line ends; None unless all of it is plain and within limits.

    The nodes carry no weights: no alias will ever weigh them.
    """
    if not text or "\t" in text or is_odd(text):
        return None
    return _Composer(first_line).compose(text, limits)


class _Composer:
    """Where the reading stands: `top` is the innermost open collection, `at` its indent, `outer`
    those around it; `key` of `top` waits for its value until the next line tells what it is."""

    def __init__(self, first_line: int) -> None:
        self.root = Mapping(first_line)
        self.top: Collection = self.root
        self.at = 0
        self.outer: list[tuple[Collection, int]] = []
        self.key = ""
        self.key_line = 0
        self.total = self.deepest = 1

    def compose(self, text: str, limits: Limits) -> Composed | None:
        line, end, size, match = self.root.line, 0, len(text), LINE.match
        while end < size:
            found = match(text, end)
            if found is None:
                return None
            indent, dash, key, quoted, plain, gap = found.groups()
            if plain is not None:
                node = Scalar(plain, line, True, "", 0)
            elif quoted is not None:
                node = Scalar(_unescaped(quoted), line, False, "", 0)
            else:
                node = None
            column, top = len(indent), self.top
            # Most lines are one more pair of the mapping that is open.
            if dash is None and column == self.at and not self.key and type(top) is Mapping:
                is_taken = self._pair(top, key, node, line)
            else:
                is_taken = self._elsewhere(column, dash is not None, key, node, line)
            if not is_taken:
                return None
            line += len(gap)
            end = found.end()
        self._wait_no_longer()
        if self.deepest > limits.depth or self.total > limits.nodes:
            return None
        return Composed(self.root, self.total, ornate=False)

    def _pair(self, top: Mapping, key: str | None, node: Scalar | None, line: int) -> bool:
        """Take a pair, or a key whose value is to come."""
        if key is None or key in top.pairs or key in NOT_TEXT:
            return False
        if node is None:
            self.key, self.key_line = key, line
            self.total += 1
        else:
            top.pairs[key] = (line, node)
            self.total += 2
        return True

    def _elsewhere(
        self, column: int, is_item: bool, key: str | None, node: Scalar | None, line: int
    ) -> bool:
        """Take a line that opens or closes collections, or is an item."""
        if not self._move(column, is_item, line):
            return False
        top = self.top
        if isinstance(top, Mapping):
            return self._pair(top, key, node, line)
        if key is not None:
            item = Mapping(line)
            top.items.append((line, item))
            self._enter(item, column + 2)
            return self._pair(item, key, node, line)
        if node is None:
            return False
        top.items.append((line, node))
        self.total += 1
        return True

    def _move(self, column: int, is_item: bool, line: int) -> bool:
        """Open or close collections up to the one that a line at `column` belongs to."""
        if self.key and (column > self.at or (is_item and column == self.at)):
            opened: Collection = Sequence(line) if is_item else Mapping(line)
            self._value(opened)
            self._enter(opened, column)
            return True
        self._wait_no_longer()
        while column < self.at:
            self.top, self.at = self.outer.pop()
        if column == self.at and isinstance(self.top, Sequence) and not is_item:
            # A list may stand at the indent of its key.
            self.top, self.at = self.outer.pop()
        return column == self.at and isinstance(self.top, Sequence) == is_item

    def _wait_no_longer(self) -> None:
        """A key that still waits has no value: YAML's null."""
        if self.key:
            self._value(Scalar("", self.key_line, True, "", 0))
            self.total += 1

    def _value(self, node: Node) -> None:
        """The value that the waiting key has waited for."""
        assert isinstance(self.top, Mapping)
        self.top.pairs[self.key] = (self.key_line, node)
        self.key = ""

    def _enter(self, node: Collection, column: int) -> None:
        self.outer.append((self.top, self.at))
        self.top, self.at = node, column
        self.total += 1
        self.deepest = max(self.deepest, len(self.outer) + 1)


def _unescaped(text: str) -> str:
    return ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(found: re.Match[str]) -> str:
    return ESCAPED[found[1]]
