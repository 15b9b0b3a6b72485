"""A front-matter file once read: plain values and the body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file; numbers are characters unless the name says otherwise."""

    file_bytes: int = 2_000_000
    depth: int = 32
    nodes: int = 50_000
    aliases: int = 100
    related: int = 1_000
    title: int = 500
    link: int = 2_000
    excerpt: int = 20_000


@dataclass(slots=True)
class Record:
    """`values` holds the known keys that stand in the file, in file order (null as None, an absent
    key is absent; nested mappings hold known keys only); `unknown` the top-level keys the schema
    does not name, every scalar as its source text; `lines` the line of each top-level key."""

    values: Values
    unknown: Values = field(default_factory=dict)
    body: str = ""
    lines: dict[str, int] = field(default_factory=dict)
