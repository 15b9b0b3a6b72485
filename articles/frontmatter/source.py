"""The text of a block by lines, as a patch cuts it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .schema import Schema
from .spans import Awkward

COMMENT = r"#[^\n]*"
REST = re.compile(rf"[ \t]*(?:[ \t]{COMMENT})?\r?\n?")


@dataclass(frozen=True, slots=True)
class Source:
    """A block whose last line has its end; `eol` is the line end that new lines get."""

    text: str
    eol: str

    def line_start(self, at: int) -> int:
        """The offset of the first character of the line that holds `at`."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The offset behind the line end of the line that holds `at`."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def end_of_lines(self, at: int) -> int:
        """`line_end` of a node that ends at `at`; `Awkward` when more than a comment follows."""
        end = self.line_end(at)
        if not REST.fullmatch(self.text, at, end):
            raise Awkward("something stands behind a value in its line")
        return end

    def comment(self, at: int) -> str:
        """The comment behind a node that ends at `at`, or nothing."""
        rest = self.text[at : self.line_end(at)].strip()
        return rest if rest.startswith("#") else ""

    def lines(self, lines: Iterable[str]) -> str:
        """`lines` with line ends."""
        return "".join(f"{line}{self.eol}" for line in lines)


def place_of(name: str, present: list[str], schema: Schema) -> int:
    """Where a new key goes among `present`: behind the nearest one before it in the schema."""
    order = [key.name for key in schema.order]
    for before in reversed(order[: order.index(name)]):
        if before in present:
            return present.index(before) + 1
    return 0
