"""What a front page of 25 pictures weighs on a phone that is scrolled to its end, and whether
anything on it moves."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_ARGS
from tests.looking import PHONE

from .databases import sqlite
from .figure import Figure
from .measure import run
from .pictures_fill import STORIES
from .pictures_photos import photographs
from .reader_seen import WATCH
from .serving import Server, site_environment

WEIGHT, CLS = "front page of 25 pictures, scrolled to its end", "the same page, layout shift"
SHOWN = "the same page, pictures shown"


def figures() -> Iterator[Figure]:
    chromium = shutil.which("chromium")
    if not chromium:
        yield Figure.missing(WEIGHT, 300, "Chromium is not installed", "KB")
        yield Figure.missing(CLS, 0, "Chromium is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        photographs(work / "photos", STORIES)
        with sqlite(work / "sqlite") as databases, sync_playwright() as playwright:
            url = databases.fresh()
            fill = [sys.executable, "-m", f"{__package__}.with_django", "pictures_fill"]
            run([*fill, str(work / "photos")], site_environment(url), work / "fill.txt")
            server = Server(url, work / "server.txt", workers=2)
            try:
                browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
                weight, moved, shown = _seen(browser, server.address)
                browser.close()
            finally:
                server.stop()
    yield Figure.at_least(SHOWN, shown, STORIES)
    yield Figure.at_most(WEIGHT, weight / 1000, 300, "KB")
    yield Figure.at_most(CLS, moved, 0)


def _seen(browser: Browser, address: str) -> tuple[int, float, int]:
    """(bytes that came over the wire, what moved, how many pictures are there)."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[float] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.send("Network.enable")
    wire.on("Network.loadingFinished", note)
    page.goto(f"{address}/", wait_until="networkidle")
    page.evaluate(WATCH)
    for _ in range(20):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(150)
    page.wait_for_load_state("networkidle")
    moved: float = page.evaluate("window.moved")
    shown: int = page.evaluate(
        "() => [...document.querySelectorAll('img.picture')]"
        ".filter((one) => one.complete && one.naturalWidth).length"
    )
    context.close()
    return int(sum(sizes)), moved, shown
