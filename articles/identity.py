"""How files name one another: 64-bit numbers made from link, time and title. Pure."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b


def number(text: str) -> int:
    """A stable signed 64-bit number for a text; fits the databases' widest integer column."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def identity(link: str, published_at: datetime | None) -> int:
    """The identity of a piece as `related` lists name it: its link and its publication time.

    The link alone glues different stories together (FORMAT.md, "How stories show in the files").
    """
    return number(f"{link}\n{published_at.isoformat() if published_at else ''}")
