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
from tests.walking import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DJANGO_S = ("/history/", "/delete/", "/auth/", "/password_change/")
"""Pages that Django wrote and we left."""
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
    for address in addresses():
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
