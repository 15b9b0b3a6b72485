"""What many pages have in common is made once, while all of them are made as of one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

MOST = 100_000
"""Things that are kept; a site with more of them makes some again."""

_made: ContextVar[dict[Any, Any] | None] = ContextVar("made", default=None)


@contextmanager
def sharing(known: Mapping[Any, Any] | None = None) -> Iterator[dict[Any, Any]]:
    """Within it every question of the same values has the same answer, and what is `known` is not
    asked."""
    found = dict(known or {})
    token = _made.set(found)
    try:
        yield found
    finally:
        _made.reset(token)


def made() -> dict[Any, Any] | None:
    """What was made, by whatever tells it apart; None outside of `sharing`: nothing is kept."""
    found = _made.get()
    if found is not None and len(found) > MOST:
        found.clear()
    return found
