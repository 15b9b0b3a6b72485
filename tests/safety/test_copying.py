"""A site moves to another database, and the two are proven equal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection

from articles.models import Article, Topic
from articles.safety import copy_database, copying
from articles.safety.places import address_of, opened
from articles.safety.rows import Counted, count_rows
from tests.factories import make_article
from tests.shares import LONG

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def empty(tmp_path: Path, migrated: Path) -> str:
    """The address of a SQLite file of its own that holds nothing."""
    return address_of(Path(shutil.copyfile(migrated, tmp_path / "target.sqlite3")))


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """The address of a new database of a server, dropped at the end."""
    name = f"newsroom_copy_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("nothing answers at TEST_POSTGRES_URL or on 127.0.0.1:5432")
    with server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_copy_is_equal_table_by_table_on_postgresql(
    newsroom: Path, address: str, empty_postgres: str
):
    counted = copy_database(address, empty_postgres)
    assert counted == count_rows(DEFAULT_DB_ALIAS)
    with opened(empty_postgres) as alias:
        assert count_rows(alias) == counted
        newest = Topic.objects.using(alias).latest("pk")
        assert Topic.objects.using(alias).create(slug="new", name="New").pk > newest.pk


@LONG
def test_a_copy_is_equal_table_by_table_in_a_file(newsroom: Path, address: str):
    counted = copy_database(address, address_of(newsroom / "not_there_yet.sqlite3"))
    assert counted == count_rows(DEFAULT_DB_ALIAS)


@LONG
def test_a_database_that_holds_something_is_not_written_over(
    newsroom: Path, address: str, empty: str
):
    copy_database(address, empty)
    with pytest.raises(CommandError, match=r"the target holds \d+ articles"):
        call_command("copy_database", address, empty)


@LONG
def test_a_copy_that_came_out_otherwise_is_taken_back(
    newsroom: Path, address: str, empty: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(copying, "count_rows", lambda _: {"articles_article": Counted(0, "0")})
    with pytest.raises(CommandError, match=r"came out otherwise: .*articles_article"):
        call_command("copy_database", address, empty)
    monkeypatch.undo()
    with opened(empty) as alias:
        assert not Article.objects.using(alias).exists()


@pytest.mark.parametrize("wrong", ["mysql://root@127.0.0.1/x", "nowhere", "sqlite:///:memory:"])
def test_what_is_no_database_is_told_without_its_password(newsroom: Path, address: str, wrong: str):
    with pytest.raises(CommandError, match=r"Nothing was copied: .*address"):
        call_command("copy_database", address, wrong)


@pytest.mark.django_db
def test_a_digest_tells_rows_apart_and_minds_no_order(tmp_path: Path, empty: str):
    one, two = make_article(title="One"), make_article(title="Two")
    counted = count_rows(DEFAULT_DB_ALIAS)["articles_article"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET title = title || ' '")
    assert count_rows(DEFAULT_DB_ALIAS)["articles_article"] != counted
    Article.objects.filter(pk=one.pk).update(title="One", marked=one.marked)
    Article.objects.filter(pk=two.pk).update(title="Two", marked=two.marked)
    assert count_rows(DEFAULT_DB_ALIAS)["articles_article"] == counted
