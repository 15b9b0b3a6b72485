"""In step with the repository, in a real browser: read, asked for, and nobody is hindered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import SyncRun
from tests.conftest import Busy
from tests.content import Piece, put
from tests.exchange.acts import edit
from tests.exchange.repositories import repositories
from tests.factories import make_user
from tests.looking import Looker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def looker(
    chromium: Browser, live_server: LiveServer, busy: Busy, tmp_path: Path, settings: Any
) -> Iterator[Looker]:
    found = repositories(tmp_path, lambda folder: put(folder, Piece("coast-a"), Piece("dune-b")))
    settings.REPOSITORY_URL = str(found.kept)
    settings.REPOSITORY_FOLDER = str(tmp_path / "own")
    client = Client()
    client.force_login(make_user("managing editor", first_name="Mina", last_name="Holm"))
    looker = Looker(chromium, live_server.url, client.cookies["sessionid"].value)
    yield looker
    looker.context.close()


def look(looker: Looker, address: str) -> list[str]:
    looker.open(address)
    return [*looker.active(), *looker.axe(), *looker.too_wide()]


def test_a_managing_editor_keeps_both_in_step(looker: Looker):
    assert look(looker, "/admin/") == []
    looker.page.get_by_role("button", name="Sync now").click()
    expect(looker.page.get_by_text("In step.", exact=True)).to_be_visible()
    expect(looker.page.get_by_role("link", name="2 created").first).to_be_visible()
    edit("coast-a", make_user("superuser", first_name="Bo"), title="A new pier")
    now = timezone.now()
    wrong = "the work tree has changes that no commit holds: notes.txt"
    SyncRun.objects.create(standing="failed", asked_at=now, ended_at=now, root="x", error=wrong)
    found = [*look(looker, "/admin/articles/syncrun/"), *look(looker, "/admin/")]
    looker.page.emulate_media(color_scheme="dark")
    found += [*look(looker, "/admin/articles/syncrun/"), *look(looker, "/admin/")]
    assert found == []
