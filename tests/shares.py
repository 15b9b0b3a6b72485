"""How much of the long proofs a run of the tests tries.

`make test` tries a share of each, the same every time; `NEWSROOM_TESTS=all` tries all of them, as
`make bench ONLY=endurance` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

ALL = os.environ.get("NEWSROOM_TESTS") == "all"
PART = 1 if ALL else 8
"""One of so many is tried."""

LONG = pytest.mark.skipif(not ALL, reason="a long proof, of NEWSROOM_TESTS=all")
"""On tests of which no share can be tried."""

T = TypeVar("T")


def share(items: Iterable[T], place: int = 0) -> list[T]:
    """One in `PART` of the items; tests that go through the same ones begin at different places."""
    return list(items)[place % PART :: PART]
