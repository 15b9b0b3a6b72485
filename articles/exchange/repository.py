"""The git repository that a content folder lies in, through the program `git`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..writing import BESIDE
from .gitlog import Told, log
from .gitstream import Commit, Person, fast_import
from .halted import AtWork, GitError, at_work, is_underway, unlock

TOLD = "refs/newsroom/told"
MADE = "refs/newsroom/made"
HEADS = "refs/heads/"
UNTIDIED = ("-c", "maintenance.auto=false", "-c", "gc.auto=0")

__all__ = ["GitError", "Rejected", "Repository"]

LOOKING = frozenset({"status", "log", "cat-file", "for-each-ref", "rev-parse", "remote"})
"""Commands that move no ref."""

SHOWN = 20
"""Files of a dirty work tree that an error names."""


class Rejected(GitError):
    """Somebody else pushed first."""


class Repository:
    """A work tree on a branch, and its remote if it has one.

    Commits are made beside the work tree and reach it by fast-forward only, after they were
    pushed: whenever this ends, what lies in the folder is what some commit holds.
    """

    def __init__(self, folder: Path, branch: str = "") -> None:
        self._work: AtWork | None = None
        self._known: dict[str, str] | None = None
        self.root, self._own, self.branch = self._found(folder)
        if not self.branch:
            raise GitError("the work tree is on no branch; check one out")
        if branch not in ("", self.branch):
            raise GitError(f"the work tree is on the branch {self.branch}, not on {branch}")
        self.remote = next(iter(self._text("remote").split()), "")

    def _found(self, folder: Path) -> tuple[Path, Path, str]:
        """The work tree, git's own folder, and the branch, empty where it is on none."""
        where = ("rev-parse", "--show-toplevel", "--git-dir")
        try:
            top, own, head = self._text(
                *where, "--symbolic-full-name", "HEAD", at=folder
            ).splitlines()
            return Path(top), Path(folder, own), head.removeprefix(HEADS) if HEADS in head else ""
        except GitError:
            # There is no commit yet, or no repository.
            pass
        try:
            top, own = self._text(*where, at=folder).splitlines()
        except GitError as error:
            raise GitError(f"{folder} is in no git repository: {error}") from error
        return Path(top), Path(folder, own), self._text("branch", "--show-current", at=folder)

    @classmethod
    def cloned(cls, url: str, folder: Path, branch: str = "") -> Repository:
        """The repository at `folder`, cloned from `url` when nothing is there yet."""
        if url and not (folder.exists() and any(folder.iterdir())):
            wanted = ["--branch", branch] if branch else []
            # Beside its place first: a clone that dies is no repository.
            beside = folder.absolute().with_name(f".{folder.name}{BESIDE}")
            shutil.rmtree(beside, ignore_errors=True)
            beside.parent.mkdir(parents=True, exist_ok=True)
            _git(beside.parent, "clone", "--quiet", *wanted, "--", url, str(beside))
            beside.rename(folder)
        return cls(folder, branch)

    @property
    def head(self) -> str:
        """The commit of the work tree; empty before the first."""
        return self._refs().get(HEADS + self.branch, "")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the repository, and make good what a run left that was killed with its git."""
        with at_work(self._own) as self._work:
            if self._work.left:
                unlock(self._own)
                if self._work.left[0] == "moving":
                    self._arrive(self._work.left[-1])
            self._work.say()
            yield
        self._work = None

    def _arrive(self, tip: str) -> None:
        """Bring a work tree to the commit that it was on its way to, if nothing else changed it."""
        if self.head and is_underway(self.root, self._git, tip, self._changed()):
            self._git(self.root, "reset", "--quiet", "--hard", tip)

    def _changed(self) -> list[str]:
        status = self._git(
            self.root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"
        )
        return [line[3:] for line in status.decode(errors="replace").split("\0") if line]

    def standing(self) -> tuple[str, str]:
        """(the commit of the work tree, the one up to which timelines were told what others did);
        either is empty before the first."""
        refs = self._refs()
        return refs.get(HEADS + self.branch, ""), refs.get(TOLD, "")

    def tell(self, tip: str) -> None:
        """Note that timelines know everything up to a commit."""
        self._git(self.root, "update-ref", TOLD, tip)

    def log(self, since: str, until: str, folder: Path, *, but: re.Pattern[str]) -> Iterator[Told]:
        """The commits after one and up to another that are about a content folder, those apart
        whose messages match `but`."""
        within = folder.resolve().relative_to(self.root.resolve())
        return log(self._git, self.root, since, until, within, but)

    def check_clean(self) -> None:
        """Raise GitError with the list of files that differ from the last commit."""
        if changed := self._changed():
            more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
            names = ", ".join(changed[:SHOWN]) + more
            raise GitError(f"the work tree has changes that no commit holds: {names}")

    def update(self) -> None:
        """Fetch, and bring the work tree to what the remote holds; raises GitError."""
        if not self.remote:
            return
        # Git tidies up after a merge; to look whether it should takes as long as to fetch nothing.
        self._git(self.root, *UNTIDIED, "fetch", "--quiet", self.remote)
        refs = self._refs()
        theirs = refs.get(f"refs/remotes/{self.remote}/{self.branch}", "")
        if theirs and theirs != refs.get(HEADS + self.branch):
            self._move("merge", "--ff-only", "--quiet", theirs)

    def write(self, commits: Sequence[Commit], committer: Person, folder: Path) -> str:
        """Make these commits one after another on the work tree's; answers the last of them.

        Their paths are those below the content folder `folder`. A ref of our own keeps them; what
        an earlier run left there is nobody's.
        """
        prefix = folder.resolve().relative_to(self.root.resolve())
        stream = fast_import(commits, committer, prefix, self.head, MADE)
        # What was left unpushed may be no ancestor: for git that is a force, of this ref alone.
        command = ("-c", "pack.compression=1", "fast-import", "--quiet", "--force", "--done")
        return self._git(self.root, *command, given=stream).decode().strip()

    def push(self, tip: str) -> None:
        """Bring a commit to the remote's branch; raises Rejected when it went on meanwhile."""
        if not self.remote:
            return
        try:
            self._git(self.root, "push", "--quiet", self.remote, f"{tip}:refs/heads/{self.branch}")
        except GitError as error:
            if "rejected" in str(error) or "fetch first" in str(error):
                raise Rejected(str(error)) from error
            raise

    def advance(self, tip: str) -> None:
        """Bring the work tree to a commit made here; raises GitError for files edited meanwhile."""
        if self.head:
            self._move("merge", "--ff-only", "--quiet", tip)
        else:
            self._move("reset", "--quiet", "--keep", tip)

    def _move(self, *command: str) -> None:
        """Change the work tree; the last word is the commit that it goes to."""
        if self._work:
            self._work.say(command[-1])
        self._git(self.root, *command)
        if self._work:
            self._work.say()

    def _git(self, folder: Path, *arguments: str, **more: Any) -> bytes:
        """Git in a folder, holding the repository as this run does."""
        if arguments[0] not in LOOKING:
            self._known = None
        held = (self._work.descriptor,) if self._work else ()
        return _git(folder, *arguments, held=held, **more)

    def _refs(self) -> dict[str, str]:
        """The commits of the branch, here and there, and of what timelines were told."""
        if self._known is not None:
            return self._known
        names = [f"{HEADS}{self.branch}", f"refs/remotes/{self.remote}/{self.branch}", TOLD]
        said = self._text("for-each-ref", "--format=%(refname) %(objectname)", *names)
        self._known = dict(line.split(" ", 1) for line in said.splitlines())
        return self._known

    def _text(
        self, *arguments: str, at: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> str:
        return self._git(at or self.root, *arguments, environ=environ).decode().strip()


def _git(
    folder: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    given: bytes | None = None,
    held: Sequence[int] = (),
) -> bytes:
    """What git printed; raises GitError with what it complained of. It gets to keep `held`."""
    own = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            pass_fds=held,
            env={**os.environ, **own, **(environ or {})},
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed: apt-get install git") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise GitError(said or f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout
