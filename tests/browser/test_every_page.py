"""Every page of the desk in a real browser, its policy enforced, over a hostile newsroom.

`tests/benchmarks/desk_pages.py` looks longer: without scripts, in the dark, with axe everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Busy
from tests.hostile import hostile_newsroom
from tests.looking import Looker
from tests.shares import share
from tests.walking import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DJANGO_S = ("/history/", "/delete/", "/auth/", "/password_change/")
"""Pages that Django wrote and we left."""
ACCOUNTS = (
    *("/admin/password_change/", "/admin/password_change/done/"),
    *("/admin/auth/user/", "/admin/auth/user/add/"),
)
SHOWN_TO_AXE = ("?shelf=all", "/triage/?at=", "/digest/", "/conflict/", "/story/", "/share/")


@pytest.fixture
def looker(
    chromium: Browser, live_server: LiveServer, busy: Busy, tmp_path: Path
) -> Iterator[Looker]:
    client = Client()
    client.force_login(hostile_newsroom(tmp_path / "site"))
    looker = Looker(chromium, live_server.url, client.cookies["sessionid"].value)
    yield looker
    looker.context.close()


def test_hostile_text_acts_on_no_page_and_hinders_nobody(looker: Looker):
    found = []
    for address in share(addresses()):
        if any(part in address for part in DJANGO_S):
            continue
        status = looker.open(address).status
        problems = [] if status in (200, 403) else [f"answers {status}"]
        if status == 200:
            problems += [*looker.active(), *looker.too_wide()]
            if address == "/admin/" or any(part in address for part in SHOWN_TO_AXE):
                problems += looker.axe()
        found += [f"{address}: {problem}" for problem in problems]
    assert found == []


def test_pages_of_accounts_hinder_nobody(looker: Looker):
    found: list[str] = []

    def look(name: str) -> None:
        problems = [*looker.active(), *looker.axe(), *looker.too_wide()]
        found.extend(f"{name}: {problem}" for problem in problems)

    for address in ACCOUNTS:
        assert looker.open(address).status == 200
        look(address)
    looker.open("/admin/")
    looker.page.get_by_role("button", name="Log out").click()
    look("logged out")
    looker.open("/admin/")
    look("login")
    looker.page.get_by_label("Username").fill("nobody")
    looker.page.get_by_label("Password").fill("guessed")
    looker.page.get_by_role("button", name="Log in").click()
    looker.page.wait_for_selector(".errornote")
    look("login refused")
    assert found == []
