"""Writes files whole into one folder: beside their place, then renamed into it."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from io import RawIOBase
from pathlib import Path

BESIDE = ".newsroom-part"
"""The name of a file while it is written, one a folder: a run after a crash writes over it or
clears it away, and scans leave hidden files alone."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""What the system says of a disk that takes nothing more."""


class UnsafePath(ValueError):
    """A path that would leave the folder, or that something else than a file stands at."""


class Folder:
    """A folder that is written to. Every path given is relative to it and stays inside."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.abspath(root))
        self._real = os.path.realpath(root)
        self._safe = {str(self.root)}

    def open(self) -> None:
        """Make the folder, and clear away what a killed run left; raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        for current, names, files in os.walk(self.root):
            names[:] = [name for name in names if not name.startswith(".")]
            if BESIDE in files:
                os.unlink(os.path.join(current, BESIDE))

    def place(self, path: str) -> str:
        """The file of a path; raises UnsafePath when it would not be a regular file inside."""
        if os.path.isabs(path) or ".." in path.split("/") or "\0" in path:
            raise UnsafePath(f"{path} would lie outside the folder")
        target = f"{self.root}/{path}"
        folder = os.path.dirname(target)
        self._enter(folder)
        try:
            is_file = stat.S_ISREG(os.lstat(target).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            is_file = True
        if not is_file:
            raise UnsafePath("something else than a regular file is there")
        return target

    def _enter(self, folder: str) -> None:
        """Only a link can lead outside; raises UnsafePath for one that does."""
        above = os.path.dirname(folder)
        if folder in self._safe or above == folder:
            return
        self._enter(above)
        if os.path.islink(folder):
            real = os.path.realpath(folder)
            if not f"{real}/".startswith(f"{self._real.rstrip('/')}/"):
                raise UnsafePath("the path leads outside the folder by a link")
        self._safe.add(folder)

    def write(self, target: str, data: bytes) -> None:
        """Put bytes at a place of this folder."""
        replace_file(target, data)


class Gathered(Folder):
    """A folder whose files are not written but kept in `files`, by path, for whoever will."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.files: dict[str, bytes] = {}

    def open(self) -> None:
        """Nothing is written, so that nothing is cleared away."""

    def write(self, target: str, data: bytes) -> None:
        self.files[target[len(f"{self.root}/") :]] = data


def bytes_of(file: str) -> bytes | None:
    """What a file holds; None when there is none."""
    try:
        # An export of nothing new does little else than this: no file object is made for it.
        opened = os.open(file, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return os.read(opened, os.fstat(opened).st_size)
    finally:
        os.close(opened)


def replace_file(target: str | Path, data: bytes) -> None:
    """Put bytes at a path; a reader, or a run after a crash, sees the old file or the new one."""
    folder = os.path.dirname(target)
    beside = os.path.join(folder, BESIDE)
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)
    try:
        with open(beside, "wb", buffering=0) as file:
            _write_all(file, data)
        os.replace(beside, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise


def _write_all(file: RawIOBase, data: bytes) -> None:
    """A disk that is nearly full takes a part, and refuses the next one."""
    written = file.write(data) or 0
    while written < len(data):
        written += file.write(data[written:]) or 0
