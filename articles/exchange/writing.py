"""Writes files whole: beside their place, then renamed into it."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = ".newsroom-"
"""How the name of a file begins while it is written; scans leave hidden files alone."""


class UnsafePath(ValueError):
    """A path that would leave the folder, or that something else than a file stands at."""


def place(directory: Path, path: str) -> Path:
    """Where a content path lies in a folder; raises UnsafePath when that is not inside it."""
    target = directory / path
    if os.path.isabs(path) or ".." in Path(path).parts or "\0" in path:
        raise UnsafePath(f"{path} would lie outside the folder")
    parent = target.parent.resolve()
    if parent != directory.resolve() and directory.resolve() not in parent.parents:
        raise UnsafePath(f"{path} leads outside the folder by a link")
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise UnsafePath(f"{path} is no regular file")
    return target


def replace_file(target: Path, data: bytes) -> None:
    """Put bytes at a path; a reader, or a run after a crash, sees the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{BESIDE}{os.getpid()}")
    try:
        beside.write_bytes(data)
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
