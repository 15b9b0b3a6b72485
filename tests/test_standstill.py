"""A site that cannot write serves its readers and says so to everybody else."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.test import Client
from django.urls import reverse

from articles.models import Article, Upload
from articles.safety.restore import checked
from articles.safety.rows import count_rows
from articles.uploads import keeping
from tests.content import Piece, put
from tests.exchange.acts import command
from tests.factories import A_DAY, make_article, make_user
from tests.hostile import hostile_newsroom
from tests.walking import addresses

pytestmark = pytest.mark.django_db(transaction=True)

STAND = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    ),
}


@pytest.fixture
def unwritable(transactional_db: None) -> Iterator[Iterator[None]]:
    """Begins with the first `next`: the database refuses every change until the test ends."""
    stand, go_on = STAND[connection.vendor]

    def standing() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(stand)
        yield

    yield standing()
    with connection.cursor() as cursor:
        cursor.execute(go_on)


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_every_page_of_desk_and_readers_is_served_without_a_write(
    tmp_path: Path, settings, unwritable
):
    client = _signed_in(hostile_newsroom(tmp_path / "site"))
    pages = [*addresses(), "/", "/latest/", "/topics/", "/search/?q=a", "/api/v1/stories/"]
    usual = {page: client.get(page).status_code for page in pages}
    settings.READ_ONLY = True
    next(unwritable)
    assert {page: client.get(page).status_code for page in pages} == usual


def test_every_write_is_answered_with_a_sentence_and_changes_nothing(settings):
    article = make_article(title="As it was")
    client = _signed_in(make_user("superuser"))
    settings.READ_ONLY = True
    for name, arguments in (
        ("admin:articles_article_change", [article.pk]),
        ("admin:articles_article_typed", [article.pk]),
        ("admin:articles_article_new_link", []),
        ("admin:login", []),
        ("admin:logout", []),
    ):
        answer = client.post(reverse(name, args=arguments), {"title": "Changed"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "nothing was saved or changed" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert list(Article.objects.values_list("title", flat=True)) == ["As it was"]


def test_the_desk_says_that_nothing_can_be_saved(settings):
    client, said = _signed_in(make_user("superuser")), "The site can only be read just now"
    assert said not in client.get("/admin/").content.decode()
    settings.READ_ONLY = True
    assert said in client.get("/admin/").content.decode()
    assert said in Client().get("/admin/login/").content.decode()


def test_a_database_that_cannot_be_written_is_a_sentence_and_no_fault(unwritable):
    client = _signed_in(make_user("superuser"))
    next(unwritable)
    answer = client.post(reverse("admin:articles_topic_add"), {"name": "New", "slug": "new"})
    assert answer.status_code == 503
    assert "so nothing was changed" in answer.content.decode()


def test_a_restore_is_refused_while_nothing_may_be_written(settings, tmp_path: Path):
    settings.READ_ONLY = True
    with pytest.raises(CommandError, match="READ_ONLY=0"):
        call_command("restore", str(tmp_path))


def test_readers_of_a_stranded_database_keep_their_pages(unwritable):
    make_article(slug="one", state="published", go_live_at=A_DAY, first_published_at=A_DAY)
    next(unwritable)
    assert Client().get("/news/one/").status_code == 200


def _refused(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _bring(client: Client) -> tuple[int, str]:
    """The answer to a file that is brought to a disk that is full."""
    brought = SimpleUploadedFile("one.md", b"---\ntitle: One\n---\n")
    client.raise_request_exception = False
    answer = client.post("/admin/articles/upload/", {"kind": "article", "brought": brought})
    return answer.status_code, answer.content.decode()


ASIDE = "django.core.files.uploadhandler.TemporaryFileUploadHandler"


@pytest.mark.parametrize("place", [(keeping, "_keep"), (TemporaryUploadedFile, "write")])
def test_a_full_disk_is_a_sentence_and_no_fault(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str]
):
    settings.UPLOAD_FOLDER = settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_HANDLERS = [ASIDE]
    client = _signed_in(make_user("superuser"))
    monkeypatch.setattr(*place, _refused, raising=False)
    status, said = _bring(client)
    assert (status, "disk of the site is full" in said) == (503, True)
    assert not Upload.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_goes_away_before_the_page_is_asked_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch,
):
    def gone(*_: object) -> None:
        raise OperationalError("the connection is closed")

    client = _signed_in(make_user("superuser"))
    client.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "load", gone)
    answer = client.get("/admin/")
    assert answer.status_code == 503
    assert "cannot reach or write its data" in answer.content.decode()


def test_a_session_that_could_not_be_kept_is_not_called_the_visitors_mistake(
    settings, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    client = _signed_in(make_user("superuser"))
    client.raise_request_exception = False
    settings.SESSION_SAVE_EVERY_REQUEST = True
    monkeypatch.setattr(Session, "save", gone)
    answer = client.get("/admin/")
    assert answer.status_code == 503
    assert "Look whether what you did is there" in answer.content.decode()


def test_a_fault_of_our_own_is_told_as_one(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise LookupError

    client = _signed_in(make_user("superuser"))
    client.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "load", broken)
    answer = client.get("/admin/")
    assert answer.status_code == 500
    assert "broke on our side" in answer.content.decode()


def test_a_database_that_cannot_be_written_is_saved_all_the_same(unwritable, tmp_path: Path):
    next(unwritable)
    call_command("backup", str(tmp_path / "saved"))
    saved = checked(tmp_path / "saved")
    assert saved.tables == count_rows(DEFAULT_DB_ALIAS)


def test_an_import_into_it_says_so_and_waits_for_better_times(unwritable, tmp_path: Path):
    put(tmp_path, Piece("coast-a"))
    next(unwritable)
    code, _, said = command("import", tmp_path)
    assert (code, "the database cannot be used" in said) == (2, True)
