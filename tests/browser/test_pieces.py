"""A page is shown while it still comes over a slow network, and what is read stays where it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from articles.public.links import address
from tests.images.drawn import drawn
from tests.images.kept import keep_at
from tests.looking import PHONE
from tests.public.conftest import publish_story

from .test_picture import SHIFTED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIECE, PAUSE = 500, 0.03


@pytest.fixture
def slowly(live_server, media: Path) -> Iterator[str]:
    """The site behind a network that brings a page's content in pieces of PIECE bytes."""

    class Slow(BaseHTTPRequestHandler):
        def log_message(self, *said: object) -> None:
            """What the tests print is of the tests."""

        def do_GET(self) -> None:
            with urlopen(f"{live_server.url}{self.path}") as answer:
                content, kind = answer.read(), answer.headers["Content-Type"]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            # Navigation may grow while it comes: it is above what anybody reads.
            begun = content.find(b"<main") if "html" in kind else len(content)
            self.wfile.write(content[:begun])
            for at in range(begun, len(content), PIECE):
                self.wfile.write(content[at : at + PIECE])
                time.sleep(PAUSE)

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def members(number: int) -> list[dict[str, Any]]:
    """A lead with a picture, and a report."""
    kept = f"https://pictures.example/{number}.jpg"
    keep_at(kept, drawn(size=(1280, 720 - number)))
    lead = {"images": [{"url": kept}], "title": f"A headline of some length, number {number}"}
    return [lead, {"title": f"What else is said about number {number}"}]


@pytest.mark.parametrize("is_phone", [True, False])
def test_a_page_that_comes_in_pieces_moves_nothing(page: Page, slowly: str, is_phone: bool):
    leads = [publish_story(*members(number))[0] for number in range(6)]
    if is_phone:
        page.set_viewport_size(PHONE)
    for path in ("/", address(leads[0])):
        page.goto(f"{slowly}{path}")
        page.wait_for_load_state("networkidle")
        assert page.locator("img.picture").count() > 0
        assert page.locator(".coverage").count() > 0
        assert page.evaluate(SHIFTED) == 0
