"""Sync: a folder and the database are one thing, and git tells who did what."""

from __future__ import annotations

import os
import random
from functools import partial
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from articles.exchange import GitError, SyncOptions, run_sync
from articles.exchange.repository import Repository
from articles.models import Article, Run, Topic
from articles.stories import acts
from articles.workflow.creating import create
from tests.content import A_DAY, Piece, changed_lines, files_of, put, put_file, story, topic_file
from tests.exchange.acts import act, article, bring_in, bring_out, command, counts, edit
from tests.factories import make_provider, make_topic, make_user

from .hours import Hours
from .repositories import Repositories, git, repositories

pytestmark = pytest.mark.django_db

ONE, OTHER = Piece("coast-a", quality=80), Piece("dune-b", quality=50)


@pytest.fixture
def repos(tmp_path: Path) -> Repositories:
    found = repositories(tmp_path, lambda folder: put(folder, ONE, OTHER))
    found.sync()
    return found


@pytest.fixture
def bo(db: None) -> User:
    return make_user("superuser", first_name="Bo", last_name="Lind", email="bo@desk.example")


def assert_in_step(repos: Repositories) -> None:
    """Nothing is left to say on either side, and no run says otherwise."""
    before = repos.log("--format=%H")
    sync = repos.sync()
    assert sync.exit_code() == 0
    assert counts(sync.taken).keys() == {"unchanged"}
    assert counts(sync.given) == {}
    assert repos.log("--format=%H") == before
    assert git(repos.site, "status", "--porcelain") == ""
    assert counts(bring_out(repos.site)).keys() == {"unchanged"}


def test_files_and_acts_go_both_ways_in_one_run(folder: Path, ana: User):
    put(folder, ONE, OTHER)
    run_sync(folder)
    edit("coast-a", ana, title="A new pier")
    put(folder, ONE, Piece("dune-b", quality=51))
    sync = run_sync(folder)
    assert counts(sync.taken) == {"updated": 1, "unchanged": 1}
    assert counts(sync.given) == {"updated": 1}
    assert article("dune-b").quality == 51
    assert "A new pier" in (folder / "_news/coast-a.md").read_text()
    sync = run_sync(folder)
    assert counts(sync.taken) == {"unchanged": 2}
    assert counts(sync.given) == {}


def test_a_dry_run_shows_both_directions_and_keeps_nothing(folder: Path, ana: User):
    put(folder, ONE)
    run_sync(folder)
    edit("coast-a", ana, title="A new pier")
    put(folder, OTHER)
    before, runs = files_of(folder), Run.objects.count()
    sync = run_sync(folder, SyncOptions(dry_run=True))
    assert counts(sync.taken) == {"created": 1, "unchanged": 1}
    assert counts(sync.given) == {"updated": 1}
    assert (files_of(folder), Run.objects.count()) == (before, runs)
    assert not Article.objects.filter(slug="dune-b").exists()


def test_an_article_made_here_gets_its_file_and_one_taken_away_does_not(folder: Path, ana: User):
    put(folder, ONE, OTHER)
    run_sync(folder)
    (folder / "_news/dune-b.md").unlink()
    edit("dune-b", ana, title="A dune")
    sync = run_sync(folder)
    assert counts(sync.taken)["missing"] == 1
    assert not (folder / "_news/dune-b.md").exists()
    run_sync(folder, SyncOptions(recreate=True))
    assert "A dune" in (folder / "_news/dune-b.md").read_text()


def test_a_file_in_conflict_waits_and_is_not_written_over(folder: Path, ana: User):
    put(folder, ONE)
    run_sync(folder)
    edit("coast-a", ana, title="Ours")
    put(folder, Piece("coast-a", title="Theirs", quality=80))
    sync = run_sync(folder)
    assert counts(sync.taken) == {"conflict": 1}
    assert counts(sync.given) == {}
    assert "Theirs" in (folder / "_news/coast-a.md").read_text()
    assert run_sync(folder).exit_code() == 0


def test_each_editor_has_a_commit_that_tells_his_acts_and_changes_his_lines(
    repos: Repositories, ana: User, bo: User
):
    edit("coast-a", ana, title="A new pier")
    act("coast-a", "publish", bo, comment="Good  to\ngo")
    edit("dune-b", ana, excerpt="Sand, and a lot of it.")
    sync = repos.sync()
    assert sync.commits == 2
    assert repos.log("--format=%an|%s") == ["Robot|First", "Bo Lind|Publish 1", "Ana|Edit 2"]
    tip = git(repos.kept, "log", "-1", "--format=%ae %cn%n%b", "main~1")
    assert "bo@desk.example Newsroom" in tip
    assert "publish coast-a: Good to go" in tip
    assert f"Newsroom-Run: {Run.objects.filter(kind='export').latest('pk').pk}" in tip
    changed = git(repos.kept, "show", "--format=", "main~1").splitlines()
    lines = {line for line in changed if line[:1] in "+-" and line[:3] not in ("+++", "---")}
    assert {line[1:].split(":")[0] for line in lines} <= {"published", "heat"}
    blame = git(repos.site, "blame", "--line-porcelain", "_news/coast-a.md")
    author = blame.split('title: "A new pier"')[0].rsplit("\nauthor ", 1)[1].splitlines()[0]
    assert author == "Ana"
    assert_in_step(repos)


def authors_of(repos: Repositories, slug: str) -> dict[str, str]:
    """Who wrote the line of each key, by `git blame`."""
    blamed = git(repos.site, "blame", "--line-porcelain", f"_news/{slug}.md")
    found, author = {}, ""
    for line in blamed.splitlines():
        if line.startswith("author "):
            author = line.removeprefix("author ")
        elif line[:1] == "\t" and ":" in line and line[1:2].isalpha():
            found[line[1:].split(":")[0]] = author
    return found


def test_a_new_file_of_several_editors_names_each_of_them_at_his_lines(
    repos: Repositories, ana: User, bo: User
):
    values = {"title": "A quay", "web_url": "https://quay.example/q", "excerpt": "Of stone."}
    provider = make_provider(domain="quay.example", name="Quay")
    slug = create(ana, values | {"provider": provider, "published_at": A_DAY}).slug
    edit(slug, bo, excerpt="Of oak.", topics=[make_topic("Harbours")])
    act(slug, "publish", bo)
    edit("coast-a", ana, title="A new pier")
    assert repos.sync().commits == 3
    assert repos.log("--format=%an|%s")[1:] == [
        "Ana|Add 1",
        "Bo Lind|Edit 1, publish 1",
        "Ana|Edit 1",
    ]
    found = authors_of(repos, slug)
    assert {key for key, name in found.items() if name == "Bo Lind"} == {
        *("excerpt", "topics", "published")
    }
    assert found["title"] == found["webUrl"] == "Ana"
    assert 'excerpt: "Of stone."' in git(repos.kept, "show", f"main~2:_news/{slug}.md")
    assert_in_step(repos)


def test_entries_in_other_files_are_of_who_changed_their_articles(
    repos: Repositories, ana: User, bo: User
):
    repos.push(lambda folder: put(folder, *story(ONE, OTHER, Piece("reef-c", quality=40))))
    repos.sync()
    edit("dune-b", ana, title="A dune")
    edit("reef-c", bo, title="A reef")
    assert repos.sync().commits == 2
    for commit, title in (("main~1", "A dune"), ("main", "A reef")):
        lines = git(repos.kept, "show", "--format=", "-U0", commit).splitlines()
        came = {line for line in lines if line.startswith("+") and not line.startswith("+++")}
        assert came == {f'+title: "{title}"', f'+  - title: "{title}"'}
    assert_in_step(repos)


def test_what_a_robot_writes_over_is_kept_for_whoever_decided(repos: Repositories, ana: User):
    act("coast-a", "publish", ana)
    repos.sync()
    repos.push(lambda folder: put(folder, ONE.but(title="Retold")))
    repos.sync()
    assert repos.log("-1", "--format=%an|%s") == ["Ana|Keep 1"]
    assert "publish coast-a" in git(repos.kept, "log", "-1", "--format=%b", "main")
    assert_in_step(repos)


def test_what_follows_in_other_files_is_in_the_commit_of_the_act(repos: Repositories, bo: User):
    acts.attach(article("dune-b"), article("coast-a"), bo)
    repos.sync()
    assert repos.log("-1", "--format=%an|%s") == ["Bo Lind|Join 1"]
    files = git(repos.kept, "show", "--format=", "--name-only", "main").split()
    assert files == ["_news/coast-a.md", "_news/dune-b.md"]
    assert_in_step(repos)


def test_a_robot_and_editors_work_at_the_same_time(repos: Repositories, ana: User):
    edit("coast-a", ana, title="A new pier")
    grown = Piece("reef-c", quality=40)
    repos.push(lambda folder: put(folder, *story(ONE, grown), OTHER))
    repos.sync()
    assert article("reef-c").story_id == article("coast-a").story_id
    assert "A new pier" in (repos.site / "_news/coast-a.md").read_text()
    assert "reef-c" in (repos.site / "_news/coast-a.md").read_text()
    assert_in_step(repos)


def test_a_push_that_others_were_faster_with_is_planned_again(
    repos: Repositories, ana: User, monkeypatch: pytest.MonkeyPatch
):
    edit("coast-a", ana, title="A new pier")
    real, tries = Repository.push, []

    def slow(self: Repository, tip: str) -> None:
        tries.append(tip)
        if len(tries) == 1:
            repos.push(lambda folder: put(folder, Piece("reef-c")))
        real(self, tip)

    monkeypatch.setattr(Repository, "push", slow)
    assert repos.sync().commits == 1
    assert len(tries) == 2
    assert article("reef-c")
    assert repos.log("--format=%an", "--merges") == []
    assert_in_step(repos)


def test_one_who_is_never_fast_enough_is_told_so_and_loses_nothing(
    repos: Repositories, ana: User, monkeypatch: pytest.MonkeyPatch
):
    edit("coast-a", ana, title="A new pier")
    real = Repository.push

    def slow(self: Repository, tip: str) -> None:
        repos.push(lambda folder: put(folder, Piece(f"reef-{len(repos.log())}")))
        real(self, tip)

    with monkeypatch.context() as patched:
        patched.setattr(Repository, "push", slow)
        with pytest.raises(GitError, match="3 times"):
            repos.sync()
    assert not Run.objects.filter(finished_at=None).exists()
    assert repos.sync().commits == 1
    assert_in_step(repos)


@pytest.mark.parametrize("point", ["write", "push", "advance", "agree"])
def test_a_sync_that_dies_at_any_point_is_ended_by_the_next(
    repos: Repositories, ana: User, monkeypatch: pytest.MonkeyPatch, point: str
):
    edit("coast-a", ana, title="A new pier")
    act("dune-b", "publish", ana)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        owner = "exporting.Exporter" if point == "agree" else "repository.Repository"
        patched.setattr(f"articles.exchange.{owner}.{point}", die)
        with pytest.raises(KeyboardInterrupt):
            repos.sync()
    repos.push(lambda folder: put(folder, Piece("reef-c")))
    repos.sync()
    assert repos.log("--format=%an").count("Ana") == 1
    text = git(repos.kept, "show", "main:_news/coast-a.md")
    assert "A new pier" in text
    assert changed_lines(ONE.data, text.encode())[1] == ['title: "A new pier"']
    assert_in_step(repos)


def test_a_dirty_work_tree_is_refused_with_the_list(repos: Repositories, ana: User):
    edit("coast-a", ana, title="A new pier")
    (repos.site / "_news/dune-b.md").write_text("typed by hand")
    (repos.site / "notes.txt").write_text("mine")
    code, _, said = command("sync", repos.site, "--git")
    assert code == 2
    assert "_news/dune-b.md, notes.txt" in said
    assert (repos.site / "_news/dune-b.md").read_text() == "typed by hand"
    assert repos.log("--format=%an") == ["Robot"]


def test_an_empty_folder_is_cloned_from_where_the_settings_say(
    repos: Repositories, tmp_path: Path, ana: User
):
    with override_settings(REPOSITORY_URL=str(repos.kept), REPOSITORY_BRANCH="main"):
        code, _, said = command("sync", tmp_path / "new", "--git")
    assert (code, said) == (0, "")
    assert (tmp_path / "new/_news/coast-a.md").exists()


def test_a_folder_in_no_repository_is_told_apart(folder: Path):
    put(folder, ONE)
    code, _, said = command("sync", folder, "--git")
    assert code == 2
    assert "is in no git repository" in said


def test_a_repository_without_remote_gets_its_commits_all_the_same(folder: Path, ana: User):
    put(folder, ONE)
    bring_in(folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "First")
    edit("coast-a", ana, title="A new pier")
    assert run_sync(folder, SyncOptions(git=True)).commits == 1
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "log", "-1", "--format=%an").strip() == "Ana"


ROUNDS = int(os.environ.get("NEWSROOM_SYNC_ROUNDS", 3))
SEED = int(os.environ.get("NEWSROOM_SYNC_SEED", 1))


@override_settings(LIVE_TEXT="take")
def test_hour_after_hour_both_ends_are_equal_and_nothing_is_lost(tmp_path: Path):
    people = [make_user("superuser", first_name=name) for name in ("Ana", "Bo", "Cy")]
    pieces = [Piece(f"coast-{number}", quality=30 + number) for number in range(8)]
    found = repositories(tmp_path, lambda folder: put(folder, *pieces))
    found.sync()
    hours = Hours(found, people, random.Random(SEED))
    assert [hours.round() for _ in range(ROUNDS)] == [[]] * ROUNDS


def test_topics_are_in_the_commit_of_who_edited_them_by_as_many_queries_as_one(
    repos: Repositories, bo: User
):
    asked = []
    for names in (["Tides"], ["Quays", "Locks", "Ferries"]):
        repos.push(partial(_put_topics, names))
        repos.sync()
        for topic in Topic.objects.filter(name__in=names):
            topic.shortname, topic.is_edited = "Wet", True
            topic.save()
            LogEntry.objects.log_actions(bo.pk, [topic], CHANGE, "edited", single_object=True)
        with CaptureQueriesContext(connection) as queries:
            assert repos.sync().commits == 1
        asked.append(sum("django_admin_log" in query["sql"] for query in queries))
    assert asked == [1, 1]
    assert git(repos.kept, "log", "-1", "--format=%an|%s", "main").strip() == "Bo Lind|Edit 3"
    assert_in_step(repos)


def _put_topics(names: list[str], folder: Path) -> None:
    for name in names:
        put_file(folder, f"_data/topics/{name.lower()}.yaml", topic_file(name))
