"""A backup is whole or not there, of one moment, and gives back what it saved."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import Client
from django.utils import timezone

from articles.models import Article, Backup, Topic
from articles.safety import back_up, restore
from articles.safety.backup import parts_of, save_database
from articles.safety.manifest import NAME, filed
from articles.safety.places import address_of
from articles.safety.restore import checked
from articles.safety.rows import count_rows, forget_sessions
from tests.content import files_of
from tests.exchange.acts import bring_in, counts
from tests.factories import make_article, make_topic, make_user

ROOT = Path(__file__).resolve().parents[2]


def _without_sessions() -> dict[str, object]:
    forget_sessions(DEFAULT_DB_ALIAS)
    return dict(count_rows(DEFAULT_DB_ALIAS))


def _sealed_again(folder: Path, **changes: object) -> None:
    """A backup whose manifest agrees with what a test did to it."""
    said = json.loads((folder / NAME).read_text())
    said["files"]["database.sqlite3"] = filed(folder / "database.sqlite3")._asdict()
    (folder / NAME).write_text(json.dumps(said | changes))


def test_a_restored_backup_is_digest_for_digest_what_was_saved(newsroom: Path):
    before, media = _without_sessions(), files_of(newsroom / "media")
    back_up(newsroom / "saved")
    Article.objects.filter(state="published").update(title="Spoiled")
    make_article(title="Came later")
    (newsroom / "media/assets/logo.png").write_bytes(b"spoiled")
    (newsroom / "uploads/a/one.md").unlink()
    restore(newsroom / "saved", is_replacing=True)
    assert _without_sessions() == before
    assert files_of(newsroom / "media") == media
    assert (newsroom / "uploads/a/one.md").exists()


def test_what_was_restored_is_searched_imported_and_numbered_as_before(newsroom: Path):
    back_up(newsroom / "saved")
    call_command("flush", interactive=False, verbosity=0)
    restore(newsroom / "saved")
    assert b"resund" in Client().get("/search/", {"q": "oresund"}).content
    again = counts(bring_in(newsroom / "content"))
    assert again["unchanged"] == sum(again.values())
    assert make_article().pk > Article.objects.order_by("-pk")[1].pk


def test_a_backup_is_of_one_moment_however_much_is_written_meanwhile(newsroom: Path):
    one, two = make_topic("Count 0"), make_topic("Count 0")
    is_done, refused = Event(), []

    def write() -> None:
        try:
            for number in range(1, 100_000):
                if is_done.is_set():
                    break
                # One statement: whoever sees half of it sees another moment.
                Topic.objects.filter(pk__in=[one.pk, two.pk]).update(name=f"Count {number}")
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        for number in range(5 if connection.vendor == "sqlite" else 1):
            back_up(newsroom / f"saved-{number}")
    finally:
        is_done.set()
        writer.join()
    assert refused == []
    for saved in newsroom.glob("saved-*/database.sqlite3"):
        with closing(sqlite3.connect(saved)) as database:
            names = database.execute("SELECT name FROM articles_topic WHERE name LIKE 'Count %'")
            assert len(set(names)) == 1


def test_a_killed_backup_leaves_no_half_and_the_next_one_completes(newsroom: Path, address: str):
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(newsroom / "saved")],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address},
            stdout=subprocess.DEVNULL,
        )
        while child.poll() is None and not parts_of(newsroom / "saved"):
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if (newsroom / "saved").exists():
            checked(newsroom / "saved")
            return
    back_up(newsroom / "saved")
    checked(newsroom / "saved")
    assert not parts_of(newsroom / "saved")


def test_what_a_killed_backup_started_does_not_meet_the_next_one(newsroom: Path):
    killed = patch("articles.safety.backup.save_database", side_effect=KeyboardInterrupt)
    with killed, pytest.raises(KeyboardInterrupt):
        back_up(newsroom / "saved")
    (left,) = parts_of(newsroom / "saved")

    def meddles(target: Path) -> None:
        assert not left.exists()
        left.mkdir()
        (left / target.name).write_text("of a process that outlived its own")
        save_database(target)

    with patch("articles.safety.backup.save_database", meddles):
        back_up(newsroom / "saved")
    checked(newsroom / "saved")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk is full")]
)
def test_a_backup_that_meets_a_full_disk_says_so_and_gives_the_room_back(
    newsroom: Path, error: Exception
):
    def fills(target: Path) -> None:
        target.write_bytes(b"half")
        raise error

    full = patch("articles.safety.backup.save_database", fills)
    with full, pytest.raises(CommandError, match=r"Nothing was saved: .*(space|full)"):
        call_command("backup", str(newsroom / "saved"))
    assert not parts_of(newsroom / "saved")
    assert not (newsroom / "saved").exists()


def test_a_backup_holds_nobodys_session(newsroom: Path):
    client = Client()
    client.force_login(make_user("editor"))
    back_up(newsroom / "saved")
    key = client.session.session_key or ""
    assert key.encode() not in (newsroom / "saved/database.sqlite3").read_bytes()


def test_a_backup_is_for_nobody_else_to_read_and_names_what_is_kept_apart(newsroom: Path):
    back_up(newsroom / "saved")
    assert (newsroom / "saved").stat().st_mode & 0o077 == 0
    assert "SECRET_KEY" in json.loads((newsroom / "saved" / NAME).read_text())["kept_apart"]


def test_a_folder_that_holds_something_is_left_alone(newsroom: Path):
    (newsroom / "saved").mkdir()
    (newsroom / "saved/mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(newsroom / "saved"))
    assert (newsroom / "saved/mine.txt").read_text() == "mine"


def test_a_site_that_holds_something_is_only_replaced_when_asked(newsroom: Path):
    back_up(newsroom / "saved")
    before = _without_sessions()
    with pytest.raises(CommandError, match=r"holds \d+ articles.*--replace"):
        call_command("restore", str(newsroom / "saved"))
    assert _without_sessions() == before


@pytest.mark.parametrize("path", ["database.sqlite3", "media/assets/logo.png"])
def test_a_backup_that_lost_a_byte_is_refused_before_anything_is_touched(newsroom: Path, path: str):
    back_up(newsroom / "saved")
    data = bytearray((newsroom / "saved" / path).read_bytes())
    data[-1] ^= 1
    (newsroom / "saved" / path).write_bytes(data)
    before = _without_sessions()
    with pytest.raises(CommandError, match=f"{path} is not what was saved"):
        call_command("restore", str(newsroom / "saved"), "--replace")
    (newsroom / "saved" / path).unlink()
    with pytest.raises(CommandError, match=f"{path} is missing"):
        call_command("restore", str(newsroom / "saved"), "--replace")
    assert _without_sessions() == before


def test_a_backup_of_a_newer_version_is_refused(newsroom: Path):
    back_up(newsroom / "saved")
    _sealed_again(newsroom / "saved", migrations={"articles": "9999_tomorrow"})
    with pytest.raises(CommandError, match=r"newer version, which has .*9999_tomorrow"):
        call_command("restore", str(newsroom / "saved"), "--replace")


def test_a_backup_of_an_older_version_is_brought_to_this_one(newsroom: Path):
    back_up(newsroom / "saved")
    saved = {"DATABASE_URL": address_of(newsroom / "saved/database.sqlite3")}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0", "articles", "0023_lean_again"],
        cwd=ROOT,
        env=os.environ | saved,
        check=True,
    )
    _sealed_again(newsroom / "saved", migrations={"articles": "0023_lean_again"})
    slugs = set(Article.objects.values_list("slug", flat=True))
    restore(newsroom / "saved", is_replacing=True)
    assert set(Article.objects.values_list("slug", flat=True)) == slugs
    back_up(newsroom / "again")


def test_the_desk_knows_when_the_last_backup_was_made(newsroom: Path):
    begun = timezone.now().replace(microsecond=0)
    call_command("backup", str(newsroom / "saved"))
    last = Backup.objects.get()
    assert last.made_at >= begun
    assert last.folder == str(newsroom / "saved")
    assert last.bytes > 0
