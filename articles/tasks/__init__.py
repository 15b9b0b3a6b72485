"""One queue for work beside the site: asked for once, tried again, never lost with a worker."""

from .queue import (
    KINDS,
    LANES,
    MOST_ATTEMPTS,
    Later,
    add,
    again,
    failed,
    look,
    look_after,
    recover,
    work_one,
)

__all__ = [
    "KINDS",
    "LANES",
    "MOST_ATTEMPTS",
    "Later",
    "add",
    "again",
    "failed",
    "look",
    "look_after",
    "recover",
    "work_one",
]
