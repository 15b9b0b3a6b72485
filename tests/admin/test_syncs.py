"""Syncs on the desk: what the last one did, what waits, and asking for one."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.exchange import asking, run_sync
from articles.exchange.records import KILLED
from articles.models import Article, SyncRun
from tests.content import Piece, put
from tests.exchange.acts import edit
from tests.exchange.repositories import Repositories, git, repositories
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/syncrun/"
ONE = Piece("coast-a", quality=80)


@pytest.fixture
def repos(settings: Any, tmp_path: Path) -> Repositories:
    found = repositories(tmp_path, lambda folder: put(folder, ONE, Piece("dune-b")))
    settings.REPOSITORY_URL = str(found.kept)
    settings.REPOSITORY_FOLDER = str(tmp_path / "own")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def manager(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("managing editor")


def text_of(client: Client, page: str = PAGE) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_sync_now_brings_both_in_step_and_says_what_it_did(repos: Repositories, manager: Client):
    answer = manager.post(PAGE, follow=True)
    assert "In step." in answer.content.decode()
    assert Article.objects.count() == 2
    edit("coast-a", make_user("superuser", first_name="Ana"), title="A new pier")
    assert "<strong>1</strong> article" in text_of(manager)
    manager.post(PAGE)
    said = text_of(manager)
    assert "1 updated</a> in 1 commit" in said
    assert "Nothing waits to be written." in said
    assert git(repos.kept, "log", "-1", "--format=%an", "main").strip() == "Ana"
    row = SyncRun.objects.latest("pk")
    assert (row.standing, row.asked_by) == (
        "done",
        User.objects.get(groups__name="managing editor"),
    )
    actors = {run.actor for run in (row.taken, row.given) if run}
    assert actors == {row.asked_by}


def test_the_desk_tells_of_the_last_sync_and_has_the_button(repos: Repositories, manager: Client):
    assert "No sync yet." in text_of(manager, "/admin/")
    manager.post(PAGE)
    said = text_of(manager, "/admin/")
    assert "In step with the repository" in said
    assert "2 created" in said
    assert "Sync now" in said


def test_only_who_may_import_and_export_is_offered_a_sync(
    repos: Repositories, sign_in: Callable[[str], Client]
):
    publisher = sign_in("publisher")
    assert "Sync now" not in text_of(publisher) + text_of(publisher, "/admin/")
    assert publisher.post(PAGE).status_code == 403
    assert not SyncRun.objects.exists()


def test_a_site_without_a_repository_says_what_is_missing(manager: Client):
    assert "REPOSITORY_URL" in text_of(manager)
    assert "Sync now" not in text_of(manager)
    assert "In step with" not in text_of(manager, "/admin/")
    assert "REPOSITORY_URL" in manager.post(PAGE, follow=True).content.decode()
    assert not SyncRun.objects.exists()


def test_what_stands_in_the_way_is_said_in_its_words(
    repos: Repositories, manager: Client, settings: Any
):
    manager.post(PAGE)
    (Path(settings.REPOSITORY_FOLDER) / "notes.txt").write_text("mine")
    answer = manager.post(PAGE, follow=True)
    assert "the work tree has changes that no commit holds: notes.txt" in answer.content.decode()
    assert SyncRun.objects.latest("pk").standing == "failed"
    assert "notes.txt" in text_of(manager, "/admin/")


def test_a_worker_does_what_was_asked_for_and_two_ask_for_one(
    repos: Repositories, manager: Client, settings: Any
):
    settings.TASKS = "worker"
    for _ in range(2):
        answer = manager.post(PAGE, follow=True)
        assert "the worker does it next" in answer.content.decode()
    [row] = SyncRun.objects.all()
    assert row.standing == "waiting"
    assert "Sync now" not in text_of(manager)
    out = StringIO()
    call_command("work", once=True, stdout=out)
    assert f"sync {row.pk}: done" in out.getvalue()
    assert Article.objects.count() == 2


def test_rights_are_those_of_the_moment_in_which_it_is_done(
    repos: Repositories, manager: Client, settings: Any
):
    settings.TASKS = "worker"
    manager.post(PAGE)
    User.objects.get(groups__name="managing editor").groups.clear()
    call_command("work", once=True, stdout=StringIO())
    row = SyncRun.objects.get()
    assert (row.standing, row.error) == ("failed", asking.NO_RIGHT)
    assert not Article.objects.exists()


def test_a_sync_of_a_command_is_told_too_and_one_that_was_killed(
    folder: Path, manager: Client, monkeypatch: pytest.MonkeyPatch
):
    put(folder, ONE)
    SyncRun.objects.create(standing="working", asked_at=timezone.now(), root=str(folder))
    run_sync(folder)
    assert SyncRun.objects.earliest("pk").error == KILLED
    said = text_of(manager)
    assert "1 created" in said
    assert "ended from outside" in said


def test_the_page_costs_as_much_for_ten_syncs_as_for_one(folder: Path, manager: Client):
    put(folder, ONE)
    asked = []
    for times in (2, 8):
        for _ in range(times):
            run_sync(folder)
        manager.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            manager.get(PAGE)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12
