"""A small disk that fills up, and who writes to it meanwhile."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from os import statvfs
from pathlib import Path
from threading import Event, Thread

BALLAST = "ballast"
LOOKS = 0.005
"""Seconds between two looks at a disk."""


class NotMounted(RuntimeError):
    """The system lets us have no small disk; the message says why."""


class Disk:
    """A file system in memory of some megabytes, of which only so much is free as is wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def free(self) -> int:
        """Bytes."""
        found = statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def watched(self) -> Iterator[list[int]]:
        """A list of one: how many bytes were free when fewest were."""
        least, is_over = [self.free], Event()

        def look() -> None:
            while not is_over.wait(LOOKS):
                least[0] = min(least[0], self.free)

        looking = Thread(target=look)
        looking.start()
        try:
            yield least
        finally:
            is_over.set()
            looking.join()

    def leave(self, room: int) -> None:
        """Fill it but for so many bytes."""
        self.empty()
        with open(self.folder / BALLAST, "wb") as file:
            for _ in range(max(0, self.free - room) // 4096):
                file.write(b"\1" * 4096)

    def empty(self) -> None:
        """Take away what filled it."""
        (self.folder / BALLAST).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk at `folder`, gone at the end; raises NotMounted."""
    folder.mkdir(parents=True)
    command = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={megabytes}m,mode=0755",
        "newsroom",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMounted(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
