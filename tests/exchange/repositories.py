"""A content repository for tests: where it is kept, somebody else's clone of it, the site's own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from articles.exchange import Sync, SyncOptions, run_sync

ROBOT = {
    "GIT_AUTHOR_NAME": "Robot",
    "GIT_AUTHOR_EMAIL": "robot@wire.example",
    "GIT_COMMITTER_NAME": "Robot",
    "GIT_COMMITTER_EMAIL": "robot@wire.example",
}


def git(folder: Path, *arguments: str) -> str:
    """What git prints, as the robot."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **ROBOT}, capture_output=True, text=True, check=True
    )
    return done.stdout


@dataclass(frozen=True)
class Repositories:
    """`kept` is bare; `robot` and `site` are clones of it."""

    kept: Path
    robot: Path
    site: Path

    def push(self, change: Callable[[Path], object], message: str = "News") -> None:
        """The robot brings files."""
        git(self.robot, "pull", "--quiet", "--ff-only")
        change(self.robot)
        git(self.robot, "add", "--all")
        git(self.robot, "commit", "--quiet", "--allow-empty", "-m", message)
        git(self.robot, "push", "--quiet")

    def log(self, *arguments: str) -> list[str]:
        """Lines of the log, oldest first."""
        return git(self.kept, "log", "--reverse", *arguments, "main").splitlines()

    def sync(self) -> Sync:
        """The site gets in step."""
        return run_sync(self.site, SyncOptions(git=True))


def repositories(folder: Path, change: Callable[[Path], object]) -> Repositories:
    """A repository whose first commit the robot made."""
    kept, robot, site = folder / "kept.git", folder / "robot", folder / "site"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(kept))
    git(folder, "clone", "--quiet", str(kept), str(robot))
    git(robot, "checkout", "--quiet", "-b", "main")
    change(robot)
    git(robot, "add", "--all")
    git(robot, "commit", "--quiet", "-m", "First")
    git(robot, "push", "--quiet", "-u", "origin", "main")
    git(folder, "clone", "--quiet", str(kept), str(site))
    return Repositories(kept, robot, site)
