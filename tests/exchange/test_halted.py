"""A sync that was killed with its git is made good, and what people did meanwhile stays."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.exchange import GitError, halted
from articles.exchange.halted import NAME, AtWork
from articles.exchange.repository import Repository
from tests.content import Piece, put
from tests.exchange.acts import article, edit
from tests.exchange.repositories import Repositories, git, repositories

pytestmark = pytest.mark.django_db

ONE, OTHER = Piece("coast-a", quality=80), Piece("dune-b", quality=50)


@pytest.fixture
def repos(tmp_path: Path) -> Repositories:
    found = repositories(tmp_path, lambda folder: put(folder, ONE, OTHER))
    found.sync()
    return found


def die_moving(repos: Repositories) -> str:
    """Somebody pushed, and a run died on the way there; answers the commit."""
    repos.push(lambda folder: put(folder, ONE.but(title="Retold"), Piece("reef-c")))
    git(repos.site, "fetch", "--quiet")
    tip = git(repos.site, "rev-parse", "origin/main").strip()
    work = AtWork(repos.site / ".git")
    work.say(tip)
    work.close()
    return tip


@pytest.mark.parametrize("size", [0, 40, None])
def test_a_work_tree_half_way_to_a_commit_arrives_there(repos: Repositories, size: int | None):
    tip = die_moving(repos)
    file = repos.site / "_news/coast-a.md"
    file.write_bytes(ONE.but(title="Retold").data[:size])
    put(repos.site, Piece("reef-c"))
    (repos.site / ".git/index.lock").touch()
    repos.sync()
    assert git(repos.site, "rev-parse", "HEAD").strip() == tip
    assert article("coast-a").title == "Retold"
    assert git(repos.site, "status", "--porcelain") == ""


def test_what_somebody_typed_meanwhile_is_kept_and_named(repos: Repositories):
    die_moving(repos)
    (repos.site / "_news/coast-a.md").write_text("typed by hand")
    with pytest.raises(GitError, match=r"_news/coast-a\.md"):
        repos.sync()
    assert (repos.site / "_news/coast-a.md").read_text() == "typed by hand"


def test_a_lock_of_a_git_that_is_not_ours_stays(repos: Repositories, ana: User):
    edit("coast-a", ana, title="A new pier")
    (repos.site / ".git/index.lock").touch()
    with pytest.raises(GitError, match=r"index\.lock"):
        repos.sync()
    assert (repos.site / ".git/index.lock").exists()


def test_a_git_that_outlives_its_run_is_waited_for(
    repos: Repositories, monkeypatch: pytest.MonkeyPatch
):
    work = AtWork(repos.site / ".git")
    command = ["sleep", "1"]
    with subprocess.Popen(command, pass_fds=[work.descriptor]):
        work.close()
        started = time.monotonic()
        repos.sync()
        assert time.monotonic() - started > 0.5
    work = AtWork(repos.site / ".git")
    monkeypatch.setattr(halted, "PATIENCE", 0.1)
    with pytest.raises(GitError, match="still at work"):
        repos.sync()
    os.close(work.descriptor)
    assert (repos.site / ".git" / NAME).read_text() == ""


def test_a_clone_that_dies_leaves_no_half_repository(
    repos: Repositories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "new"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", _die)
        with pytest.raises(KeyboardInterrupt):
            Repository.cloned(str(repos.kept), target)
    assert not target.exists()
    assert Repository.cloned(str(repos.kept), target).head


def _die(*_: object) -> None:
    raise KeyboardInterrupt
