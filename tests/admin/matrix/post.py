"""One POST to the desk, as the matrix tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .things import Things

Sent = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One POST. `changes`: tables of which at least one differs after it, when it is allowed.

    `right` NOBODY: whoever sends it, nothing changes.
    """

    page: str
    arguments: tuple[str, ...]
    right: str
    changes: frozenset[str]
    data: Callable[[Things], Sent] | Sent
    says: str = ""

    def sent(self, things: Things) -> Sent:
        """What it sends."""
        return self.data(things) if callable(self.data) else self.data


def post(
    page: str,
    right: str,
    changes: str,
    data: Callable[[Things], Sent] | Sent,
    *names: str,
    **more: str,
) -> Post:
    return Post(page, names, right, frozenset(changes.split()), data, **more)
