"""How much may be brought, and what is said of what may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMED = 20
"""Problems that a refusal names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`bytes` as sent, `unpacked` bytes once unpacked, `files` in all."""

    bytes: int = 50_000_000
    unpacked: int = 200_000_000
    files: int = 20_000


class UploadRefused(ValueError):
    """Nothing was kept; `problems` says of each file what is wrong with it."""

    def __init__(self, problems: Iterable[str]) -> None:
        found = list(problems)
        more = len(found) - MOST_NAMED
        named = found[:MOST_NAMED]
        self.problems = [*named, f"… and {more} more"] if more > 0 else named
        super().__init__("; ".join(self.problems))


def megabytes(count: int) -> str:
    """A limit as people read it."""
    return f"{count / 1_000_000:g} MB"
