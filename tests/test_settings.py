"""What the settings promise to whoever deploys the site."""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client
from psycopg_pool import ConnectionPool, PoolTimeout
from psycopg_pool.base import AttemptWithBackoff

from articles.frontmatter.record import Limits
from newsroom.wsgi import under

ROOT = Path(__file__).resolve().parent.parent
LONG_KEY = "a-long-key-0123456789-for-checking-and-nothing-else-abcdefghij"
PRODUCTION = {
    "SECRET_KEY": LONG_KEY,
    "ALLOWED_HOSTS": "news.example.org",
    "SITE_URL": "https://news.example.org",
}


def test_a_file_of_sqlite_stays_open_between_requests(settings_under):
    database = settings_under(**PRODUCTION, DATABASE_URL="sqlite:///news.sqlite3")
    assert database["DATABASES"]["default"]["CONN_MAX_AGE"] > 0


@pytest.fixture
def settings_under(monkeypatch: pytest.MonkeyPatch):
    """A function giving the settings that a deployment with just this environment would have."""

    def load(**environment: str) -> dict[str, Any]:
        for name in ("SECRET_KEY", "SECURE_SSL", "DATABASE_URL", "DEBUG", "SITE_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "newsroom/settings.py"), run_name="newsroom.settings")

    return load


def test_the_site_refuses_to_start_without_a_secret_key(settings_under):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        settings_under()


def test_only_a_development_server_has_a_secret_key_by_default(settings_under):
    assert settings_under(DEBUG="1")["SECRET_KEY"]


def test_a_likelihood_lies_between_nothing_and_one(settings_under):
    assert settings_under(SECRET_KEY=LONG_KEY)["AUTO_JOIN"] is None
    assert settings_under(SECRET_KEY=LONG_KEY, AUTO_JOIN="0.95")["AUTO_JOIN"] == 0.95
    for wrong in ("1", "1.5", "-0.1", "yes", "nan"):
        with pytest.raises(ImproperlyConfigured, match=f"AUTO_JOIN={wrong} should be"):
            settings_under(SECRET_KEY=LONG_KEY, AUTO_JOIN=wrong)


def test_debug_is_off_unless_asked_for(settings_under):
    assert settings_under(SECRET_KEY=LONG_KEY)["DEBUG"] is False


def test_production_settings_pass_the_deployment_check_in_silence():
    # Nothing of this process is passed on: a deployment does not have what tests set.
    environment = {"PATH": os.environ["PATH"], **PRODUCTION}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_no_source_of_the_content_security_policy_is_unsafe(settings_under):
    directives = settings_under(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert "unsafe" not in str(directives)


def test_cookies_belong_to_this_host_alone_where_the_site_has_it_to_itself(settings_under):
    settings = settings_under(**PRODUCTION)
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    settings = settings_under(**{**PRODUCTION, "SITE_URL": "https://example.org/press"})
    assert settings["SESSION_COOKIE_NAME"] == "__Secure-sessionid"
    assert settings_under(DEBUG="1")["SESSION_COOKIE_NAME"] == "sessionid"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TASKS", "db"),
        ("CDN_KEYS", "Edge-Key"),
        ("PURGE_URL", "purge.example.org"),
        ("PURGE_URL", "https://purge.example.org"),
        ("COVERAGE", "everything"),
        ("FRONTMATTER_MAX_TITLE", "many"),
        ("SITE_URL", "news.example.org"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/newsroom"),
    ],
)
def test_a_value_that_would_not_work_is_refused_by_its_name(settings_under, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        settings_under(**{**PRODUCTION, name: value})


def test_a_limit_of_the_front_matter_is_set_by_its_name(settings_under):
    settings = settings_under(**PRODUCTION, FRONTMATTER_MAX_TITLE="200")
    assert Limits(**settings["FRONTMATTER_LIMITS"]) == replace(Limits(), title=200)


def test_postgresql_is_reached_through_a_pool(settings_under):
    database = settings_under(
        **PRODUCTION, DATABASE_URL="postgres://ana@db.example.org/newsroom?sslmode=require"
    )["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["pool"]["max_size"] == 10
    # Those that the server closed when it was started again are thrown away.
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["options"] == "-c statement_timeout=30s -c jit=off"


def test_a_database_that_says_nothing_is_given_up_after_seconds(settings_under):
    """A port that takes connections and never answers: a host that hangs, as seen from here."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://127.0.0.1:{silent.getsockname()[1]}/newsroom?connect_timeout=2"
        options = settings_under(**PRODUCTION, DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
        assert options["tcp_user_timeout"] == 10_000
        own = {name: value for name, value in options.items() if name != "pool"}
        with pytest.raises(psycopg.OperationalError, match="timeout"):
            psycopg.connect(host="127.0.0.1", port=silent.getsockname()[1], **own)


def test_a_site_is_back_soon_after_its_server_however_long_that_was_away(
    settings_under, monkeypatch: pytest.MonkeyPatch
):
    tries: list[float] = []
    options = settings_under(**PRODUCTION, DATABASE_URL="postgres://db.example.org/newsroom")[
        "DATABASES"
    ]["default"]["OPTIONS"]["pool"]

    class Away(psycopg.Connection[Any]):
        @classmethod
        def connect(cls, *_: Any, **__: Any) -> Any:
            tries.append(monotonic())
            raise psycopg.OperationalError

    # A hundred times as fast: pauses that double would reach days.
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", 0.01)
    quick = {"reconnect_timeout": options["reconnect_timeout"] / 100, "timeout": 0.01}
    with ConnectionPool(connection_class=Away, open=False, **options | quick) as pool:
        with pytest.raises(PoolTimeout):
            pool.getconn()
        until = monotonic() + 20
        while len(tries) < 30 and monotonic() < until:
            sleep(0.01)
    assert len(tries) >= 30


def test_a_site_that_may_only_be_read_has_a_database_that_writes_nothing(settings_under):
    postgres = settings_under(
        **PRODUCTION, READ_ONLY="1", DATABASE_URL="postgres://db.example.org/newsroom"
    )["DATABASES"]["default"]
    assert "-c default_transaction_read_only=on" in postgres["OPTIONS"]["options"]
    sqlite = settings_under(**PRODUCTION, READ_ONLY="1", DATABASE_URL="sqlite:///news.sqlite3")
    assert "query_only=ON" in sqlite["DATABASES"]["default"]["OPTIONS"]["init_command"]


@pytest.fixture
def sqlite(settings_under, tmp_path: Path, django_db_blocker):
    """Two connections, as of two processes, to one new SQLite database of the settings."""
    databases = settings_under(**PRODUCTION, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")[
        "DATABASES"
    ]
    with django_db_blocker.unblock():
        connections = [ConnectionHandler(databases)["default"] for _ in range(2)]
        yield connections
        for each in connections:
            each.close()


def test_sqlite_survives_a_power_cut_and_lets_readers_read_while_one_writes(sqlite):
    with sqlite[0].cursor() as cursor:
        answers = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert answers == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


def test_a_sqlite_transaction_takes_the_write_lock_at_its_beginning(sqlite):
    first, second = sqlite
    second.settings_dict["OPTIONS"]["timeout"] = 0
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(OperationalError, match="locked"):
        second.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    first.rollback()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("/press/news/a/", "/news/a/"), ("/press", "/"), ("/pressing/", "/pressing/"), ("/", "/")],
)
def test_the_path_of_the_site_is_taken_off_an_address_before_it_is_matched(asked, answered):
    seen = []

    def application(environ, start_response):
        seen.append(environ["PATH_INFO"])
        return []

    under("/press", application)({"PATH_INFO": asked}, lambda *_: lambda _: None)
    assert seen == [answered]


def test_a_site_under_a_path_keeps_files_and_cookies_under_it(settings_under):
    settings = settings_under(**{**PRODUCTION, "SITE_URL": "https://example.org/press/"})
    assert settings["SITE_URL"] == "https://example.org/press"
    assert settings["FORCE_SCRIPT_NAME"] == "/press"
    assert settings["STATIC_URL"] == "/press/static/"
    assert settings["SESSION_COOKIE_PATH"] == "/press/"


def test_the_process_says_that_it_is_alive_without_asking_the_database(client: Client):
    assert client.get("/healthz").content == b"ok\n"


def test_the_health_addresses_answer_without_tls(settings, client: Client):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 301


@pytest.mark.django_db
def test_the_site_is_ready_when_its_database_answers_and_is_migrated(client: Client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "migrations": "ok"})


@pytest.mark.django_db
def test_the_site_is_not_ready_while_a_migration_waits(client: Client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "1 to apply")
