"""The worker keeps the site in a folder in step with what readers see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from articles import tasks
from articles.models import Article, Task
from articles.publishing import jobs
from tests.public.conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PUBLISH_FOLDER = str(tmp_path / "site")
    jobs._published.clear()
    return Path(settings.PUBLISH_FOLDER)


def work() -> str | None:
    tasks.look(["publish"])
    Task.objects.update(due_at=timezone.now())
    return tasks.work_one()


def test_a_change_is_written_by_the_worker_and_no_change_costs_no_run(folder: Path):
    article = publish()
    page = folder / "news" / article.slug / "index.html"
    assert (work() or "").startswith("publish: ")
    assert page.is_file()
    assert work() is None
    Article.objects.update(state="unpublished")
    work()
    assert not page.exists()


def test_changes_gather_for_one_run(folder: Path):
    publish()
    work()
    for title in ("Once", "Twice"):
        Article.objects.update(title=title)
        tasks.look(["publish"])
        assert tasks.work_one() is None
    assert Task.objects.filter(standing="waiting").count() == 1


def test_without_a_folder_nothing_is_asked_for():
    publish()
    assert work() is None
