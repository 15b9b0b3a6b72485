"""What waits for the worker is done once, tried again when it fails, and never lost with him."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from articles import tasks
from articles.lock import WORKER, only_worker
from articles.models import Article, Notice, Task, Upload
from articles.tasks import queue
from articles.uploads import Wish, bring
from articles.workflow import mail
from tests.content import Piece
from tests.factories import make_article, make_user
from tests.safety.conftest import address
from tests.uploads.packing import brought, zip_of
from tests.workflow.acting import do

__all__ = ["address"]

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
NOON = "2026-11-27 12:00:00Z"


@pytest.fixture(autouse=True)
def _with_a_worker(settings, tmp_path: Path) -> None:
    settings.TASKS = "worker"
    settings.UPLOAD_FOLDER = str(tmp_path)
    settings.SENDS_MAIL = True


def work() -> str:
    said = StringIO()
    call_command("work", "--once", stdout=said)
    return said.getvalue()


@pytest.fixture
def told() -> Notice:
    """A notice that waits to be mailed."""
    do(
        make_article(),
        "assign",
        make_user("publisher"),
        assignee=make_user("editor", email="bo@desk.example"),
    )
    return Notice.objects.get()


@pytest.fixture
def upload() -> Upload:
    """Files that wait to be planned."""
    files = zip_of({"_news/one.md": Piece("one").data})
    return bring([brought("site.zip", files)], Wish(), make_user("managing editor"))


def no_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_asking_twice_asks_once_and_after_it_is_done_again():
    for _ in range(2):
        tasks.add("mail", 7)
    assert Task.objects.count() == 1
    work()
    tasks.add("mail", 7)
    assert list(Task.objects.values_list("standing", flat=True)) == ["waiting", "done"]


def test_a_task_is_there_when_what_it_is_for_is_there_and_only_then():
    with transaction.atomic():
        tasks.add("mail", 7)
        transaction.set_rollback(True)
    assert not Task.objects.exists()


def test_a_notice_is_mailed_by_the_worker_once(told: Notice, mailoutbox):
    assert mailoutbox == []
    work()
    tasks.add("mail", told.pk)
    assert "nothing to do" in work()
    assert [sent.to for sent in mailoutbox] == [["bo@desk.example"]]


def test_a_failure_is_tried_again_after_ever_longer_pauses_and_then_given_up(
    told: Notice, settings, mailoutbox
):
    no_server(settings)
    with time_machine.travel(NOON, tick=False) as clock:
        Task.objects.update(due_at=timezone.now())
        waited = []
        for _ in range(queue.MOST_ATTEMPTS - 1):
            work()
            task = Task.objects.get()
            assert task.standing == "waiting"
            waited.append((task.due_at - timezone.now()).total_seconds())
            assert work() == ""
            clock.move_to(task.due_at)
        work()
    task.refresh_from_db()
    assert waited == [30, 60, 120, 240, 480]
    assert (task.standing, task.attempts) == ("failed", queue.MOST_ATTEMPTS)
    assert "ConnectionRefusedError" in task.error
    told.refresh_from_db()
    assert told.mailed_at is None


def test_what_was_given_up_is_on_the_desk_and_tried_again_from_there(
    told: Notice, settings, mailoutbox
):
    Task.objects.update(standing="failed", error="No server answered", attempts=6)
    client = Client()
    client.force_login(make_user("managing editor"))
    assert "1 task" in client.get("/admin/").content.decode()
    page = "/admin/articles/task/"
    assert "No server answered" in client.get(page).content.decode()
    client.post(page, {"again": str(Task.objects.get().pk)})
    work()
    assert len(mailoutbox) == 1
    assert "⚠" not in client.get("/admin/").content.decode()


def test_work_that_a_dead_worker_had_begun_is_taken_up(upload: Upload):
    # As it stands when a process is killed in the middle of a plan.
    Upload.objects.update(standing="planning")
    Task.objects.update(standing="working", attempts=1)
    with time_machine.travel(NOON, tick=False) as clock:
        assert "1 begun by a worker that ended" in work()
        clock.shift(31)
        assert "site.zip: planned" in work()
    upload.refresh_from_db()
    assert upload.standing == "planned"


def test_an_upload_that_meets_a_database_on_its_way_back_keeps_its_files_and_is_tried_again(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    with time_machine.travel(NOON, tick=False) as clock:
        Task.objects.update(due_at=timezone.now())
        with monkeypatch.context() as patch:
            patch.setattr("articles.uploads.jobs.run_import", gone)
            work()
        clock.shift(31)
        assert "site.zip: planned" in work()


def test_what_is_planned_without_a_cache_is_planned(upload: Upload, no_cache: None):
    assert "site.zip: planned" in work()
    client = Client()
    client.force_login(make_user("managing editor"))
    Upload.objects.update(standing="planning")
    assert client.get(f"/admin/articles/upload/{upload.pk}/change/").status_code == 200


def test_a_busy_exchange_costs_no_attempt(upload: Upload, monkeypatch: pytest.MonkeyPatch):
    def busy(_key: str) -> str:
        raise tasks.Later("another run is at work")

    monkeypatch.setattr("articles.uploads.jobs.work_on", busy)
    for _ in range(10):
        Task.objects.update(due_at=timezone.now())
        tasks.work_one()
    task = Task.objects.get()
    assert (task.standing, task.attempts, task.error) == ("waiting", 0, "another run is at work")


def test_a_task_that_was_asked_for_meanwhile_does_for_the_one_that_failed(
    told: Notice, settings, monkeypatch: pytest.MonkeyPatch
):
    def asked_again(key: str) -> str:
        tasks.add("mail", key)
        raise OSError("no server")

    monkeypatch.setattr(mail, "work_on", asked_again)
    tasks.work_one()
    assert sorted(Task.objects.values_list("standing", flat=True)) == ["done", "waiting"]


def test_a_task_of_a_clock_that_ran_a_day_ahead_is_done_once_the_clock_is_right():
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        tasks.add("mail", 7)
    assert "nothing to do" in work()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file does not go away")
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_his_lock_with_its_connection_knows_it():
    with only_worker() as alone:
        alone.check()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objid = %s AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [WORKER],
            )
        with pytest.raises(OperationalError):
            alone.check()


def test_what_is_done_is_forgotten_after_a_week():
    tasks.add("mail", 7)
    work()
    Task.objects.update(ended_at=timezone.now() - timedelta(days=8))
    tasks.add("mail", 8)
    work()
    assert [task.key for task in Task.objects.all()] == ["8"]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_waits_until_the_first_one_ends(told: Notice):
    with only_worker() as is_first:
        assert is_first
        with only_worker() as is_second:
            assert not is_second
        assert work() == ""
    assert Task.objects.get().standing == "waiting"
    assert "done" in work()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_ends_what_it_is_at(upload: Upload, address: str, settings):
    connection.close()
    own = {"DATABASE_URL": address, "TASKS": "worker", "UPLOAD_FOLDER": settings.UPLOAD_FOLDER}
    child = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env=os.environ | own | {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if Upload.objects.get().standing != "waiting" or child.poll() is not None:
            break
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    assert said.endswith("stopped\n")
    upload.refresh_from_db()
    assert (upload.standing, Task.objects.get().standing) == ("planned", "done")
    assert Article.objects.count() == 0
