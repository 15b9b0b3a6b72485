"""A run that is killed leaves whole files only, and the next ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from articles.lock import ADVISORY, process
from articles.models import Article
from tests.content import Piece, put
from tests.exchange.hourly import HOURLY
from tests.exchange.kills import KILL, faults
from tests.shares import LONG

KILLS = 2


def address(name: str) -> str:
    """DATABASE_URL of a database beside the one of the tests."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    at = connection.settings_dict
    who = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    return f"postgres://{who}@{at['HOST']}:{at['PORT'] or 5432}/{name}"


def environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database,
        # Static files without a manifest; all else as in production.
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": "tests-sign-with-this-key-and-nothing-else-ever-should",
        "SECURE_SSL": "0",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


def run(database: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=environment(database) | environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def database(tmp_path: Path, migrated: Path) -> Iterator[str]:
    """The address of a database of its own, migrated."""
    if connection.vendor == "sqlite":
        yield address(str(shutil.copyfile(migrated, tmp_path / "own.sqlite3")))
        return
    name = f"newsroom_killed_{uuid4().hex[:12]}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            run(address(name), "manage.py", "migrate", "--verbosity", "0").check_returncode()
            yield address(name)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def killed(database: str, task: str, folder: Path, seed: int) -> Any:
    done = run(database, "-c", KILL, task, str(folder), str(seed), str(KILLS))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("task", ["import", "export", pytest.param("publish", marks=LONG)])
def test_what_is_killed_anywhere_leaves_whole_files_and_is_finished_by_the_next(
    database: str, folder: Path, task: str
):
    seed = uuid4().int % 1000
    found = killed(database, task, folder, seed)
    assert len(found["killed"]) == KILLS
    assert faults(task, found) == [], seed


def test_syncs_killed_anywhere_end_as_if_nothing_had_happened(database: str, folder: Path):
    seed, hours = uuid4().int % 1000, 2
    found = []
    for kills in (3, 0):
        run(database, "manage.py", "flush", "--no-input", "--verbosity", "0").check_returncode()
        words = ("-c", HOURLY, str(folder / f"{kills}"), str(seed), str(hours), str(kills))
        done = run(database, *words, LIVE_TEXT="take", DATABASE_POOL="0")
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout.splitlines()[-1]))
    killed, undisturbed = found
    assert killed["died"]
    assert killed["faults"] == undisturbed["faults"] == [], seed
    assert killed["digests"] == undisturbed["digests"], seed


def test_what_a_kill_leaves_behind_is_found_out():
    undisturbed = {
        "files": {"a.md": "new"},
        "again": {"unchanged": 1},
        "imported": {"unchanged": 1},
    }
    good = {"point": 3, "died": True, "after": {"a.md": "old"}, "done": {"answer": undisturbed}}
    found = {"before": {"a.md": "old"}, "undisturbed": undisturbed, "killed": [good]}
    assert faults("export", found) == []
    bads: list[dict[str, Any]] = [
        {"after": {"a.md": "ne"}},
        {"done": {"answer": {}}},
        {"done": None},
        {"died": False},
    ]
    for bad in bads:
        assert len(faults("export", found | {"killed": [good | bad]})) == 1
    assert len(faults("export", found | {"before": {"a.md": "new"}, "killed": []})) == 1


HOLD = """
import sys
import django
django.setup()
from articles.lock import exclusive
with exclusive("import"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(db: None) -> Iterator[subprocess.Popen[str]]:
    """A process at work on the database of the tests."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=settings.BASE_DIR,
        env=environment(address(str(connection.settings_dict["NAME"]))),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("action", ["import", "export", "sync"])
def test_of_two_runs_at_once_the_second_says_who_is_at_work(
    folder: Path, holder: subprocess.Popen[str], action: str
):
    put(folder, Piece("coast-a"))
    with pytest.raises(CommandError) as busy:
        call_command("frontmatter", action, str(folder))
    assert busy.value.returncode == 2
    assert f"import, process {holder.pid} on " in str(busy.value)


def test_the_lock_of_a_killed_run_is_free(folder: Path, holder: subprocess.Popen[str]):
    put(folder, Piece("coast-a"))
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    call_command("frontmatter", "import", str(folder), verbosity=0)
    assert Article.objects.filter(slug="coast-a").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="files lose their locks at once")
def test_the_next_run_waits_for_the_server_to_notice_that_one_was_killed(
    folder: Path, holder: subprocess.Popen[str]
):
    put(folder, Piece("coast-a"))
    named = f"import, {process()}".replace(str(os.getpid()), str(holder.pid))
    holder.kill()
    holder.wait()
    late = connection.copy()
    late.inc_thread_sharing()
    with late.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY])
        cursor.execute("SELECT set_config('application_name', %s, false)", [named])

    def notice() -> None:
        with late.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])
        late.close()

    noticing = Timer(0.3, notice)
    noticing.start()
    call_command("frontmatter", "import", str(folder), verbosity=0)
    noticing.join()
    assert Article.objects.filter(slug="coast-a").exists()
