"""Imports on the desk: a plan first, then the import, by those who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.lock import ADVISORY, exclusive
from articles.models import Article, Run, Upload
from articles.uploads import perform, planned
from tests.content import Piece, files_of
from tests.uploads.packing import brought, zip_of

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/upload/"
LIVE = Piece("coast-a", published=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_FOLDER = str(tmp_path)
    return tmp_path


@pytest.fixture
def manager(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("managing editor")


def bring(client: Client, *pieces: Piece, **options: Any) -> Upload:
    packed = zip_of({f"_news/{piece.name}.md": piece.data for piece in pieces})
    return bring_file(client, "site.zip", packed, **options)


def bring_file(client: Client, name: str, data: bytes, **options: Any) -> Upload:
    form = {"brought": brought(name, data), "kind": "article", **options}
    answer = client.post(LIST, form)
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.get()


def page_of(upload: Upload) -> str:
    return f"{LIST}{upload.pk}/change/"


def press(client: Client, upload: Upload, act: str) -> str:
    answer = client.post(page_of(upload), {"act": act}, follow=True)
    assert answer.status_code == 200
    upload.refresh_from_db()
    return answer.content.decode()


def test_a_plan_says_what_would_become_public_and_changes_nothing(manager: Client):
    upload = bring(manager, LIVE, Piece("dune-b"))
    assert (upload.standing, Article.objects.count(), Run.objects.count()) == ("planned", 0, 0)
    text = manager.get(page_of(upload)).content.decode()
    assert "1 would become public" in text
    assert "coast-a" in text
    assert "<strong>2</strong> created" in text


def test_a_plan_in_progress_says_how_far_it_is(manager: Client):
    upload = bring(manager, LIVE, Piece("dune-b"))
    assert planned(upload) == 2
    Upload.objects.update(standing=Upload.Standing.PLANNING, plan=None)
    assert "2 of 2 files read" in manager.get(page_of(upload)).content.decode()
    cache.clear()
    assert "Reading 2 files." in manager.get(page_of(upload)).content.decode()


def test_a_plan_that_is_applied_is_imported_once(manager: Client, folder: Path):
    upload = bring(manager, LIVE)
    assert "1 became public" in press(manager, upload, "apply")
    assert (upload.standing, upload.progress, upload.folder) == ("done", {"done": 1, "of": 1}, "")
    assert upload.run is not None
    assert upload.run.actor == upload.made_by
    assert Article.objects.published().count() == 1
    assert "decided meanwhile" in press(manager, upload, "apply")
    assert (Run.objects.count(), files_of(folder)) == (1, {})


def test_a_plan_that_is_dropped_leaves_no_trace_but_its_row(manager: Client, folder: Path):
    upload = bring(manager, LIVE)
    press(manager, upload, "drop")
    press(manager, upload, "apply")
    assert (upload.standing, Article.objects.count(), files_of(folder)) == ("dropped", 0, {})


def test_refused_files_are_named_with_line_and_key(manager: Client):
    upload = bring_file(manager, "bad.md", b"---\ntitle: 7\n---\n")
    text = manager.get(f"{page_of(upload)}?outcome=refused").content.decode()
    assert "bad.md" in text
    assert "Line 1, webUrl" in text or "Line 2, title" in text


def test_a_check_keeps_nothing(manager: Client, folder: Path):
    upload = bring(manager, LIVE, is_check_only="on")
    assert (upload.standing, Article.objects.count(), files_of(folder)) == ("done", 0, {})
    assert "checked" in manager.get(page_of(upload)).content.decode()


def test_drafts_become_public_by_no_file(manager: Client):
    upload = bring(manager, LIVE, as_drafts="on")
    press(manager, upload, "apply")
    assert (Article.objects.count(), Article.objects.published().count()) == (1, 0)


@pytest.mark.parametrize("name", ["notes.txt", "site.zip"])
def test_what_cannot_be_kept_is_said_beside_the_field(manager: Client, name: str):
    answer = manager.post(LIST, {"brought": brought(name, b"x"), "kind": "article"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["brought"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("role", ["", "contributor", "editor", "publisher", "auditor"])
def test_who_may_not_import_sees_no_page_and_brings_nothing(
    role: str, manager: Client, sign_in: Callable[[str], Client]
):
    upload = bring(manager, LIVE)
    other = sign_in(role)
    form = {"brought": brought("coast-b.md", Piece("coast-b").data), "kind": "article"}
    assert other.get(LIST).status_code == other.post(LIST, form).status_code == 403
    for act in ("apply", "drop", "again"):
        assert other.post(page_of(upload), {"act": act}).status_code == 403
    assert other.get(page_of(upload)).status_code == 403
    upload.refresh_from_db()
    assert (upload.standing, Upload.objects.count(), Article.objects.count()) == ("planned", 1, 0)
    assert Client().get(page_of(upload)).status_code == 302


def test_looking_changes_nothing(manager: Client):
    upload = bring(manager, LIVE)
    manager.get(f"{page_of(upload)}?act=apply")
    assert Article.objects.count() == 0


def test_who_lost_the_right_meanwhile_imports_nothing(manager: Client, settings: Any):
    settings.TASKS = "worker"
    upload = bring(manager, LIVE)
    User.objects.update(is_active=False)
    perform(Upload.objects.get())
    upload.refresh_from_db()
    assert upload.standing == "failed"
    assert "may not import any more" in upload.failure


def test_a_worker_plans_and_imports_what_waits(manager: Client, settings: Any):
    settings.TASKS = "worker"
    upload = bring(manager, LIVE)
    assert "Waiting for the worker" in manager.get(page_of(upload)).content.decode()
    work()
    press(manager, upload, "apply")
    assert (upload.standing, Article.objects.count()) == ("waiting", 0)
    assert "site.zip: done" in work()
    upload.refresh_from_db()
    assert (upload.standing, Article.objects.count()) == ("done", 1)


def work() -> str:
    out = StringIO()
    call_command("work", "--once", stdout=out)
    return out.getvalue()


def test_a_failure_is_said_on_the_page_and_does_not_stop_the_worker(
    manager: Client, settings: Any, folder: Path
):
    settings.TASKS = "worker"
    upload = bring(manager, LIVE)
    (folder / upload.folder / "_news" / "coast-a.md").unlink()
    (folder / upload.folder / "_news").rmdir()
    (folder / upload.folder).rmdir()
    assert "failed" in work()
    assert "no such file or folder" in manager.get(page_of(upload)).content.decode()


def test_the_page_asks_the_database_the_same_for_one_upload_and_for_many(manager: Client):
    upload = bring(manager, LIVE)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            manager.get(LIST)
        counts.append(len(queries))
        for _ in range(5):
            upload.pk = None
            upload.save(force_insert=True)
    assert counts[0] == counts[1] <= 20


@contextmanager
def another_run() -> Iterator[None]:
    """An import at work in another process, as far as the lock can tell."""
    if connection.vendor != "postgresql":
        with exclusive("import"):
            yield
        return
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SET application_name = 'import, process 1 on far'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY])
    yield
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])
    other.close()


def test_a_busy_exchange_says_who_is_at_work_and_the_upload_waits(manager: Client):
    with another_run():
        upload = bring(manager, LIVE)
        text = manager.get(page_of(upload)).content.decode()
        assert upload.standing == "waiting"
        assert "nother run is at work: import, process" in text
        assert "Not now" in press(manager, upload, "again")
    press(manager, upload, "again")
    assert upload.standing == "planned"


def test_an_import_whose_process_ended_is_taken_up_again(manager: Client):
    upload = bring(manager, LIVE)
    long_ago = timezone.now() - timedelta(hours=1)
    Upload.objects.update(standing="importing", changed_at=long_ago)
    assert "Go on with it" in manager.get(page_of(upload)).content.decode()
    press(manager, upload, "again")
    assert (upload.standing, Article.objects.count()) == ("done", 1)


def test_an_import_at_work_is_not_begun_a_second_time(manager: Client):
    upload = bring(manager, LIVE)
    Upload.objects.update(standing="importing")
    assert "Go on with it" not in manager.get(page_of(upload)).content.decode()
    assert "decided meanwhile" in press(manager, upload, "apply")
    assert not perform(upload)
    assert Article.objects.count() == 0
