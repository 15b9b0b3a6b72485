"""What a run that was killed, with its git or without, left in a repository; and making it good."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

NAME = "newsroom-at-work"
"""A file of the repository that says, while a run works on it, which commit its work tree is on
its way to. Empty: the last run came to its end."""

PATIENCE = 30.0
"""Seconds that a git is given which outlived its run."""


class GitError(RuntimeError):
    """Git refused; the message says what it said, or which files stand in the way."""


Git = Callable[..., bytes]


class AtWork:
    """Holds a repository for one run. Programs that the run starts hold it as well (`descriptor` is
    theirs to keep), so that a git which outlives its run is waited for."""

    def __init__(self, folder: Path) -> None:
        self.descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
        self._wait()
        self.left = os.pread(self.descriptor, 100, 0).decode(errors="replace").split()
        """What the last run was about when it died; empty when it did not."""

    def _wait(self) -> None:
        ends = monotonic() + PATIENCE
        while True:
            try:
                return fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > ends:
                    self.close()
                    said = "a git that a former run began is still at work; wait, or end it"
                    raise GitError(said) from None
                sleep(0.05)

    def say(self, tip: str = "") -> None:
        """Note that the work tree is on its way to a commit, or only that somebody is at work."""
        self._put(f"moving {tip}" if tip else "working")

    def end(self) -> None:
        """Note that nothing is left half done, and let go."""
        self._put("")
        self.close()

    def close(self) -> None:
        os.close(self.descriptor)

    def _put(self, text: str) -> None:
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)


@contextmanager
def at_work(folder: Path) -> Iterator[AtWork]:
    """Hold the repository whose own files lie in `folder`, waiting for what outlived a run."""
    work = AtWork(folder)
    try:
        yield work
    except Exception:
        work.end()
        raise
    except BaseException:
        work.close()
        raise
    work.end()


def unlock(folder: Path) -> None:
    """Remove the locks of a git that died with its run; nothing else of ours is at work."""
    died = (folder / NAME).stat().st_mtime
    for lock in folder.rglob("*.lock"):
        if lock.stat().st_mtime >= died - 1:
            lock.unlink(missing_ok=True)


def is_underway(root: Path, git: Git, tip: str, changed: list[str]) -> bool:
    """Whether all that differs in a work tree is on its way to the commit `tip`: each changed path
    is gone, or holds the beginning of what it will."""
    moving = git(root, "diff", "--name-only", "-z", "--no-renames", "HEAD", tip).decode()
    on_its_way = set(filter(None, moving.split("\0")))
    return bool(changed) and all(
        path in on_its_way and _is_beginning(root, git, tip, path) for path in changed
    )


def _is_beginning(root: Path, git: Git, tip: str, path: str) -> bool:
    file = root / path
    if not file.exists():
        return True
    if not git(root, "ls-tree", "-z", tip, "--", path):
        return False
    return git(root, "cat-file", "blob", f"{tip}:{path}").startswith(file.read_bytes())
