"""What others commit to the repository is told in the timelines of the articles it was about."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.admin.timeline import Entry, timeline
from articles.exchange.gitlog import changed_keys
from articles.exchange.repository import Repository
from articles.models import PushedChange, PushedCommit
from tests.content import Piece, put, put_file, topic_file
from tests.exchange.acts import article, edit
from tests.exchange.repositories import Repositories, git, repositories

pytestmark = pytest.mark.django_db

ONE, OTHER = Piece("coast-a", quality=80), Piece("dune-b", quality=50)


@pytest.fixture
def repos(tmp_path: Path) -> Repositories:
    found = repositories(tmp_path, lambda folder: put(folder, ONE, OTHER))
    found.sync()
    return found


def pushed(slug: str) -> list[Entry]:
    """The entries of commits, newest first."""
    return [entry for entry in timeline(article(slug)) if "the file" in entry.says]


def by_hand(repos: Repositories, message: str, **environ: str) -> None:
    """A colleague commits what lies in the robot's clone."""
    git(repos.robot, "add", "--all")
    author = "Mia Berg <mia@desk.example>"
    git(
        repos.robot,
        "commit",
        "--quiet",
        "--author",
        author,
        "--date",
        "2026-03-04T05:06:07Z",
        "-m",
        message,
    )
    git(repos.robot, "push", "--quiet")


def test_who_when_why_and_which_keys(repos: Repositories):
    text = ONE.data.replace(b"told twice", b"told once").replace(b"quality: 80", b"quality: 81")
    put_file(repos.robot, "_news/coast-a.md", text)
    by_hand(repos, "Fix a typo\n\nSeen by a reader.")
    repos.sync()
    [entry] = pushed("coast-a")
    assert (entry.actor, entry.says) == ("Mia Berg", "changed the file")
    assert entry.words == "Fix a typo\n\nSeen by a reader."
    assert entry.keys == ("excerpt", "quality")
    assert f"{entry.at:%Y-%m-%d %H:%M}" == "2026-03-04 05:06"
    assert pushed("dune-b") == []
    assert PushedCommit.objects.get().address == "mia@desk.example"


def test_each_commit_is_told_once_however_often_it_is_met(repos: Repositories):
    before = git(repos.site, "rev-parse", "HEAD").strip()
    for number in (1, 2):
        put(repos.robot, ONE.but(quality=80 + number))
        by_hand(repos, f"Weigh it anew {number}")
    repos.sync()
    Repository(repos.site).tell(before)
    repos.sync()
    assert [entry.words for entry in pushed("coast-a")] == ["Weigh it anew 2", "Weigh it anew 1"]


def test_a_sync_that_was_killed_before_it_told_tells_next_time(
    repos: Repositories, monkeypatch: pytest.MonkeyPatch
):
    put(repos.robot, ONE.but(quality=81))
    by_hand(repos, "Weigh it anew")

    def die(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Repository, "log", die)
        with pytest.raises(KeyboardInterrupt):
            repos.sync()
    repos.sync()
    assert [entry.words for entry in pushed("coast-a")] == ["Weigh it anew"]


def test_what_the_site_committed_for_its_editors_is_not_told_again(repos: Repositories, ana: User):
    edit("coast-a", ana, title="A new pier")
    repos.sync()
    repos.sync()
    assert pushed("coast-a") == []


def test_files_that_come_and_go_and_are_renamed(repos: Repositories):
    (repos.robot / "_news/coast-a.md").rename(repos.robot / "_news/pier-a.md")
    put(repos.robot, Piece("reef-c"))
    (repos.robot / "_news/dune-b.md").unlink()
    put_file(repos.robot, "_data/topics/tides.yaml", topic_file("Tides"))
    by_hand(repos, "Tidy up")
    repos.sync()
    assert [entry.says for entry in pushed("pier-a")] == ["added the file"]
    assert [entry.says for entry in pushed("reef-c")] == ["added the file"]
    assert [entry.says for entry in pushed("dune-b")] == ["took the file out"]
    assert PushedChange.objects.count() == 3


def test_a_repository_that_is_met_first_has_no_past(repos: Repositories):
    assert not PushedCommit.objects.exists()


def test_what_nobody_could_import_was_changed_all_the_same(repos: Repositories):
    put_file(repos.robot, "_news/coast-a.md", ONE.data.replace(b"quality: 80", b"quality: many"))
    by_hand(repos, "\x01Odd\x02 words \N{SNOWMAN}")
    repos.sync()
    [entry] = pushed("coast-a")
    assert entry.keys == ("quality",)
    assert entry.words.endswith("words \N{SNOWMAN}")


def test_a_content_folder_within_a_repository(tmp_path: Path):
    repos = repositories(tmp_path, lambda folder: put(folder / "content", ONE))
    repos.sync()
    put(repos.robot / "content", ONE.but(quality=81, heat=80))
    put_file(repos.robot, "notes/coast-a.md", "Not content")
    by_hand(repos, "Weigh it anew")
    repos.sync()
    assert [entry.keys for entry in pushed("coast-a")] == [("quality",)]


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [
        (b"---\na: 1\nb: 2\n---\n\n", b"---\na: 1\nb: 3\n---\n\n", ("b",)),
        (
            b"---\na:\n  - x: 1\n---\n\n",
            b"---\na:\n  - x: 2\nc: 1\n---\nText\n",
            ("a", "c", "body"),
        ),
        (b"---\na: 1\n---\n\n", b"---\n\na: 1\n---\n\n", ()),
        (b"", b"---\na: 1\n---\n", ("a",)),
        (b"a: 1\nb: 2\n", b"a: 1\n", ("b",)),
        (b"\xff\xfe", b"---\nnever closed: 1\n", ()),
    ],
)
def test_keys_are_told_apart_by_their_lines(before: bytes, after: bytes, keys: tuple[str, ...]):
    assert changed_keys(before, after) == keys
