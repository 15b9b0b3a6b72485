"""What a block holds before anything is typed: scalars as text, sequences, mappings, and lines.

Every node carries `size` (nodes in it, itself included), `height` (levels of collections in it)
and `weight` (characters in it), so that an alias can be weighed before anybody walks into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(slots=True)
class Scalar:
    """`text` is the source text, escapes resolved; `plain`: unquoted, so 5 is a number.

    `tag` is the short name of an explicit core tag (`int`), or empty.
    """

    text: str
    line: int
    plain: bool
    tag: str
    weight: int
    size: ClassVar[int] = 1
    height: ClassVar[int] = 0
    closed: ClassVar[bool] = True


@dataclass(slots=True)
class Sequence:
    """`items` pairs each node with the line it stands on, for an alias the alias's line."""

    line: int
    items: list[tuple[int, Node]] = field(default_factory=list)
    size: int = 1
    height: int = 1
    weight: int = 0
    closed: bool = False


@dataclass(slots=True)
class Mapping:
    """`pairs` maps each key to the line of the key and its node, in file order.

    While it is open, `key` waits for its value, and `merge` holds the value of `<<`, its line and
    the number of pairs that stand before it.
    """

    line: int
    pairs: dict[str, tuple[int, Node]] = field(default_factory=dict)
    size: int = 1
    height: int = 1
    weight: int = 0
    closed: bool = False
    key: Scalar | None = None
    merge: tuple[int, Node, int] | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A block's one mapping. `total` is the number of nodes with every alias counted in full;
    `ornate` tells of an anchor, an alias, a merge, a tag, a flow collection or a block scalar."""

    root: Mapping
    total: int
    ornate: bool


Node = Scalar | Sequence | Mapping
Collection = Sequence | Mapping

KIND = {Scalar: "text", Sequence: "a list", Mapping: "a mapping"}


def path(frames: list[Collection], key: str | None = None) -> str:
    """The dotted key at which a reader of open collections stands; `key` is its last part."""
    found = ""
    for frame in frames:
        if isinstance(frame, Sequence):
            found += f"[{len(frame.items)}]"
        elif frame.key is not None:
            found += ("." if found else "") + frame.key.text
    if key is not None:
        found += ("." if found else "") + key
    return found[:200]
