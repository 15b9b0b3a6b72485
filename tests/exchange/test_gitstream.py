"""Commits as git takes them, whatever people are called and whatever they say."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.exchange.gitstream import Commit, Person
from articles.exchange.repository import Repository
from tests.exchange.repositories import git

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
SITE = Person("Newsroom", "newsroom@news.example")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
names = st.text(st.sampled_from("ab é\"\\'\t-.\n"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    return tmp_path


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts, st.dictionaries(names, st.binary(max_size=60), max_size=3))
def test_git_holds_what_was_said_and_the_very_bytes(
    empty: Path, name: str, address: str, message: str, files: dict[str, bytes]
):
    repository = Repository(empty)
    paths = {f"_news/{path}": data for path, data in files.items()}
    commit = Commit(Person(name, address), NOON, message, {"_news/a.md": b"a"} | paths)
    tip = repository.write([commit], SITE, empty / "content")
    said = git(empty, "log", "-1", "--format=%an%x00%ae%x00%at%x00%cn%x00%ce%x00%B", tip)
    author, mail, at, *committer, body = said.split("\0")
    assert (committer, at) == ([SITE.name, SITE.address], f"{NOON.timestamp():.0f}")
    assert not set("<>\n") & {*author, *mail}
    assert body.strip() == message.strip() or "\r" in message
    listed = git(empty, "ls-tree", "-r", "-z", "--name-only", tip).split("\0")[:-1]
    assert sorted(listed) == sorted(f"content/{path}" for path in commit.files)
    for path, data in commit.files.items():
        assert blob(empty, tip, path) == data


def blob(folder: Path, tip: str, path: str) -> bytes:
    command = ["git", "-C", str(folder), "cat-file", "blob", f"{tip}:content/{path}"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_commits_follow_one_another_and_leave_the_branch_where_it_is(empty: Path):
    (empty / "kept.txt").write_text("kept")
    git(empty, "add", "--all")
    git(empty, "commit", "--quiet", "-m", "First")
    repository = Repository(empty)
    first = repository.head
    pair = [Commit(Person(who, f"{who}@x"), NOON, who, {f"{who}.md": b"x"}) for who in ("a", "b")]
    for _ in range(2):
        # What a rejected push left behind is begun anew, not gone on from.
        tip = repository.write(pair, SITE, empty)
        assert git(empty, "log", "--format=%an", tip).split() == ["b", "a", "Robot"]
    assert git(empty, "rev-parse", "main").strip() == first == Repository(empty).head
    assert git(empty, "ls-tree", "--name-only", tip).split() == ["a.md", "b.md", "kept.txt"]


def test_before_the_first_commit_there_is_a_branch_and_no_head(empty: Path):
    repository = Repository(empty)
    assert (repository.branch, repository.head, repository.remote) == ("main", "", "")
