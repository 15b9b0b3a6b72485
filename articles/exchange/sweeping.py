"""Garbage collection at the pace of chunks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def sweeping() -> Iterator[Callable[[], object]]:
    """Collect garbage only where the function is called that this gives.

    What a chunk leaves behind is young. Left to itself the collector goes through all that an
    import keeps to its end, a report of every file, again and again: a tenth of the time of
    100,000 files.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(0)
    finally:
        if was_enabled:
            gc.enable()
