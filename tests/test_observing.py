"""The site tells how it is, line by line and figure by figure, and nothing of what it holds."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Backup, Task
from articles.observing import context, slow
from articles.observing.logs import JSONLines
from newsroom.faults import scrubbed, start_sentry
from tests.content import Piece, put
from tests.exchange.acts import bring_in
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

MARK = "Xylophone-4711"
"""Stands in every text, file, password and address of these tests."""


@pytest.fixture
def lines(settings) -> Iterator[StringIO]:
    """What a site with LOG_FORMAT=json writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSONLines())
    root, requests = logging.getLogger(), logging.getLogger("newsroom.requests")
    before = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.setLevel(before[1])


def told(lines: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_every_answer_is_a_line_with_its_request_and_its_person(lines: StringIO):
    client, person = Client(), make_user("editor")
    client.force_login(person)
    answer = client.get("/admin/articles/article/")
    line = told(lines)[-1]
    assert line["request"] == answer["X-Request-ID"]
    assert line["user"] == person.pk
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["route"].startswith("/admin/articles/article/")
    assert line["queries"] > 0
    assert line.keys() >= {"time", "level", "logger", "seconds", "database_seconds"}
    Client().get("/latest/")
    assert "user" not in told(lines)[-1]


def test_the_question_whether_an_answer_still_holds_is_counted(lines: StringIO, settings: Any):
    settings.PAGE_SECONDS = 60
    for _ in range(2):
        Client().get("/latest/")
    first, again = told(lines)[-2:]
    assert first["queries"] > again["queries"] == 1


def test_nothing_that_anybody_wrote_or_hides_is_in_the_log(lines: StringIO, tmp_path: Path):
    person = make_user("superuser", username=MARK, email=f"{MARK}@desk.example")
    article = make_article(title=MARK, excerpt=MARK)
    client = Client(raise_request_exception=False, headers={"user-agent": MARK})
    client.post("/admin/login/", {"username": MARK, "password": MARK})
    client.force_login(person)
    client.get("/search/", {"q": MARK})
    client.get(f"/preview/{MARK}/")
    client.get(f"/admin/join/{MARK}/{MARK}/")
    client.post(f"/admin/articles/article/{article.pk}/change/", {"title": MARK})
    client.get("/admin/articles/article/", {"q": MARK})
    put(tmp_path, Piece("quay", title=MARK, body=MARK))
    bring_in(tmp_path)
    log = logging.getLogger("articles")
    try:
        Article.objects.filter(pk=article.pk).update(slug=MARK * 9, title=MARK)
        raise IntegrityError(f"DETAIL: Failing row contains ({MARK})")
    except IntegrityError:
        log.exception("a row was refused")
    log.warning("asked for /latest/?q=%s", MARK)
    assert lines.getvalue()
    assert MARK not in lines.getvalue()


def test_an_exception_is_told_by_its_kind_and_its_way(lines: StringIO):
    try:
        raise IntegrityError("DETAIL")
    except IntegrityError:
        logging.getLogger("articles").exception("a row was refused")
    line = told(lines)[-1]
    assert line["exception"] == "django.db.utils.IntegrityError"
    assert "test_observing.py" in line["trace"][-1]


def test_lines_of_an_import_name_its_run(lines: StringIO, tmp_path: Path):
    put(tmp_path, Piece("quay"))
    report = bring_in(tmp_path)
    logging.getLogger("articles").info("done")
    assert told(lines)[-1]["run"] == report.run
    context.run_id.set(None)


def test_a_name_given_by_a_trusted_proxy_is_kept_and_by_nobody_else(settings):
    given = {"x-request-id": "from-the-proxy-1"}
    assert Client(headers=given).get("/healthz")["X-Request-ID"] != "from-the-proxy-1"
    settings.TRUST_PROXY = True
    assert Client(headers=given).get("/healthz")["X-Request-ID"] == "from-the-proxy-1"
    odd = {"x-request-id": 'a"b\n' * 20}
    assert '"' not in Client(headers=odd).get("/healthz")["X-Request-ID"]


def figures(settings) -> str:
    settings.METRICS_TOKEN = "a-token"
    answer = Client(headers={"authorization": "Bearer a-token"}).get("/metrics")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_figures_are_there_for_who_has_the_token_alone(settings):
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    for given in ({}, {"authorization": "Bearer other"}, {"authorization": "a-token"}):
        assert Client(headers=given).get("/metrics").status_code == 404


def test_the_figures_tell_of_requests_imports_work_and_states(settings, tmp_path: Path):
    settings.METRICS_TOKEN = "a-token"
    Client().get("/latest/")
    put(tmp_path, Piece("quay", published=True))
    bring_in(tmp_path)
    now = timezone.now()
    Task.objects.create(kind="mail", key="1", made_at=now, due_at=now - timedelta(minutes=9))
    said = figures(settings)
    for line in (
        'newsroom_requests_total{method="GET",route="/latest/",status="200"}',
        'newsroom_request_seconds_bucket{le="0.1",route="/latest/"}',
        'newsroom_database_seconds_total{route="/latest/"}',
        'newsroom_last_import_files{kind="article",outcome="created"} 1.0',
        'newsroom_articles{state="published"} 1.0',
        'newsroom_tasks{standing="waiting"} 1.0',
        "newsroom_last_import ",
        "newsroom_queue_articles ",
        "newsroom_edition ",
    ):
        assert line in said, line
    overdue = float(said.partition("\nnewsroom_task_overdue_seconds ")[2].split()[0])
    assert overdue > 500
    assert "\nnewsroom_last_sync " not in said


def test_the_figures_ask_the_same_of_one_article_and_of_many(settings):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            figures(settings)
        counts.append(len(queries))
        for _ in range(5):
            make_article()
    assert counts[0] == counts[1]


def test_a_slow_statement_costs_nobody_his_page_when_the_cache_is_away(settings, no_cache: None):
    settings.SLOW_QUERY_MS = 0.0001
    assert Client().get("/").status_code == 200
    assert slow.slowest() == []


def test_a_cache_that_hangs_is_waited_for_once(settings):
    settings.SLOW_QUERY_MS = 0.0001
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        patience = {"socket_timeout": 0.1, "socket_connect_timeout": 0.1}
        where = f"redis://127.0.0.1:{hanging.getsockname()[1]}/0"
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": where}
        both = dict.fromkeys(("default", "pages"), redis | {"OPTIONS": patience})
        settings.CACHES = settings.CACHES | both
        assert Client().get("/search/?q=ferry").status_code == 200
        hanging.settimeout(0)
        hanging.accept()
        with pytest.raises(BlockingIOError):
            hanging.accept()


def test_a_slow_statement_is_kept_without_its_values(settings):
    cache.clear()
    settings.SLOW_QUERY_MS = 0.0001
    Client().get("/search/", {"q": MARK})
    found = slow.slowest()
    assert found
    assert MARK not in str(found)
    assert found[0].route == "/search/"
    assert len({one.sql for one in found}) == len(found) <= slow.KEPT
    cache.clear()


def test_whoever_keeps_the_site_sees_how_it_stands(settings):
    page, client = "/admin/articles/task/", Client()
    client.force_login(make_user("managing editor"))
    said = client.get(page).content.decode()
    assert "No backup was made yet" in said
    assert "Python" in said
    old = timezone.now() - timedelta(days=3)
    Backup.objects.create(made_at=old, folder="/backups/one", bytes=5_000_000, seconds=2)
    Task.objects.create(kind="mail", key="1", made_at=old, due_at=old)
    Task.objects.create(kind="mail", key="2", made_at=old, due_at=old, standing="failed")
    said = client.get(page).content.decode()
    for sentence in ("more than 36 hours old", "Tasks overdue: 1", "Tasks given up: 1"):
        assert sentence in said
    Backup.objects.create(made_at=timezone.now(), folder="/backups/two", bytes=1, seconds=1)
    Task.objects.all().delete()
    assert "Nothing is overdue" in client.get(page).content.decode()
    auditor = Client()
    auditor.force_login(make_user("auditor"))
    assert "How the site stands" not in auditor.get(page).content.decode()


def test_a_fault_is_told_to_sentry_without_what_it_was_about():
    event: dict[str, Any] = {
        "request": {"method": "POST", "url": MARK, "data": MARK, "headers": {"Cookie": MARK}},
        "exception": {"values": [{"type": "IntegrityError", "value": MARK}]},
        "breadcrumbs": [MARK],
        "extra": {"a": MARK},
        "user": {"username": MARK},
        "logentry": {"message": MARK},
    }
    assert MARK not in str(scrubbed(event))
    assert event["exception"]["values"][0]["type"] == "IntegrityError"


def test_sentry_asks_for_its_package_where_it_is_wanted():
    start_sentry("")
    with pytest.raises(ImproperlyConfigured, match="pip install sentry-sdk"):
        start_sentry("https://key@sentry.example/1")


def test_a_backup_is_told_of_by_the_figures(settings):
    assert "\nnewsroom_last_backup " not in figures(settings)
    Backup.objects.create(made_at=timezone.now(), folder="x", bytes=1, seconds=1)
    assert "\nnewsroom_last_backup " in figures(settings)
