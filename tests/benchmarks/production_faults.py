"""Faults done on purpose, as figures of the group `production`; `make faults` tries them alone.

NEWSROOM_FAULTS_SCALE says how much of it is tried.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.every import FAULTS
from tests.faults.every import figures as tried

from .figure import Figure


def figures() -> Iterator[Figure]:
    """Every one, on each database."""
    yield from tried(FAULTS)
