"""How files name one another, and pieces are found by their links: 64-bit numbers. Pure."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from .tracking import address


def number(text: str) -> int:
    """A stable signed 64-bit number for a text; fits the databases' widest integer column."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def link_number(link: str) -> int:
    """The number of the piece that a link leads to, whoever shared it and for which screen."""
    return number(address(link))


def identity(link: str, published_at: datetime | None) -> int:
    """The identity of a piece as `related` lists name it: its link and its publication time.

    The link alone glues different stories together (FORMAT.md, "How stories show in the files").
    """
    return number(f"{link}\n{published_at.isoformat() if published_at else ''}")
