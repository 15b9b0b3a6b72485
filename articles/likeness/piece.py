"""An article as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """What is compared of an article. `key` names it to the caller; `domain` is its provider's."""

    key: str
    title: str
    published_at: datetime
    excerpt: str = ""
    domain: str = ""
    link: str = ""
