"""The git repository that a content folder lies in, through the program `git`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

SHOWN = 20
"""Files of a dirty work tree that an error names."""


class GitError(RuntimeError):
    """Git refused; the message says what it said, or which files stand in the way."""


class Rejected(GitError):
    """Somebody else pushed first."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a commit is by."""

    name: str
    address: str


@dataclass(slots=True)
class Commit:
    """What one person did: whole files by their path in the content folder."""

    author: Person
    at: datetime
    message: str
    files: dict[str, bytes] = field(default_factory=dict)


class Repository:
    """A work tree on a branch, and its remote if it has one.

    Commits are made beside the work tree and reach it by fast-forward only, after they were
    pushed: whenever this ends, what lies in the folder is what some commit holds.
    """

    def __init__(self, folder: Path, branch: str = "") -> None:
        try:
            self.root = Path(self._text("rev-parse", "--show-toplevel", at=folder))
        except GitError as error:
            raise GitError(f"{folder} is in no git repository: {error}") from error
        self.branch = branch or self._text("branch", "--show-current")
        if not self.branch:
            raise GitError("the work tree is on no branch; check one out, or name one")
        self.remote = next(iter(self._text("remote").split()), "")

    @classmethod
    def cloned(cls, url: str, folder: Path, branch: str = "") -> Repository:
        """The repository at `folder`, cloned from `url` when nothing is there yet."""
        if url and not (folder.exists() and any(folder.iterdir())):
            wanted = ["--branch", branch] if branch else []
            _git(folder.absolute().parent, "clone", "--quiet", *wanted, "--", url, str(folder))
        return cls(folder, branch)

    @property
    def head(self) -> str:
        """The commit of the work tree; empty before the first."""
        try:
            return self._text("rev-parse", "--verify", "--quiet", "HEAD")
        except GitError:
            return ""

    def check_clean(self) -> None:
        """Raise GitError with the list of files that differ from the last commit."""
        status = _git(self.root, "status", "--porcelain", "-z", "--untracked-files=all")
        changed = [line[3:] for line in status.decode(errors="replace").split("\0") if line]
        if changed:
            more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
            names = ", ".join(changed[:SHOWN]) + more
            raise GitError(f"the work tree has changes that no commit holds: {names}")

    def update(self) -> None:
        """Fetch, and bring the work tree to what the remote holds; raises GitError."""
        if not self.remote:
            return
        _git(self.root, "fetch", "--quiet", self.remote)
        theirs = f"refs/remotes/{self.remote}/{self.branch}"
        if self._has(theirs):
            _git(self.root, "merge", "--ff-only", "--quiet", theirs)

    def write(self, commits: Sequence[Commit], committer: Person, folder: Path) -> str:
        """Make these commits one after another on the work tree's; answers the last of them.

        Their paths are those below the content folder `folder`.
        """
        tip, prefix = self.head, folder.resolve().relative_to(self.root.resolve())
        with TemporaryDirectory(prefix="newsroom-") as beside:
            index = {"GIT_INDEX_FILE": f"{beside}/index"}
            if tip:
                _git(self.root, "read-tree", tip, environ=index)
            for commit in commits:
                self._stage(commit, prefix, index)
                tree = self._text("write-tree", environ=index)
                tip = self._commit(commit, tree, tip, committer)
        return tip

    def push(self, tip: str) -> None:
        """Bring a commit to the remote's branch; raises Rejected when it went on meanwhile."""
        if not self.remote:
            return
        try:
            _git(self.root, "push", "--quiet", self.remote, f"{tip}:refs/heads/{self.branch}")
        except GitError as error:
            if "rejected" in str(error) or "fetch first" in str(error):
                raise Rejected(str(error)) from error
            raise

    def advance(self, tip: str) -> None:
        """Bring the work tree to a commit made here; raises GitError for files edited meanwhile."""
        if self.head:
            _git(self.root, "merge", "--ff-only", "--quiet", tip)
        else:
            _git(self.root, "reset", "--quiet", "--keep", tip)

    def _stage(self, commit: Commit, prefix: Path, index: Mapping[str, str]) -> None:
        lines = []
        for path, data in commit.files.items():
            blob = _git(self.root, "hash-object", "-w", "--stdin", given=data).decode().strip()
            lines.append(f"100644 {blob}\t{prefix / path}\0")
        text = "".join(lines).encode()
        _git(self.root, "update-index", "-z", "--index-info", environ=index, given=text)

    def _commit(self, commit: Commit, tree: str, parent: str, committer: Person) -> str:
        when = f"{commit.at.timestamp():.0f} +0000"
        people = {
            "GIT_AUTHOR_NAME": commit.author.name,
            "GIT_AUTHOR_EMAIL": commit.author.address,
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.address,
        }
        parents = ["-p", parent] if parent else []
        text = commit.message.encode()
        made = _git(self.root, "commit-tree", tree, *parents, environ=people, given=text)
        return made.decode().strip()

    def _has(self, ref: str) -> bool:
        try:
            self._text("rev-parse", "--verify", "--quiet", ref)
        except GitError:
            return False
        return True

    def _text(
        self, *arguments: str, at: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> str:
        return _git(at or self.root, *arguments, environ=environ).decode().strip()


def _git(
    folder: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    given: bytes | None = None,
) -> bytes:
    """What git printed; raises GitError with what it complained of."""
    own = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
            env={**os.environ, **own, **(environ or {})},
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed: apt-get install git") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise GitError(said or f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout
