"""What a reader with a slow phone sees of the front page: how soon, and whether it moves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_ARGS
from tests.looking import PHONE

from .figure import Figure
from .reader_load import site

SLOWER = 4
LCP, CLS = "front page, largest paint, CPU 4 times slower", "front page, layout shift"
GOOD = 2.5
"""Seconds within which a page counts as fast."""
WATCH = """() => {
  window.painted = 0;
  window.moved = 0;
  const watch = (type, see) => new PerformanceObserver((list) => list.getEntries().forEach(see))
    .observe({ type, buffered: true });
  watch("largest-contentful-paint", (entry) => { window.painted = entry.startTime; });
  watch("layout-shift", (entry) => { window.moved += entry.value; });
}"""


def figures() -> Iterator[Figure]:
    """Both from one look by a fresh visitor."""
    chromium = shutil.which("chromium")
    if not chromium:
        yield Figure.missing(LCP, GOOD, "Chromium is not installed", "s")
        yield Figure.missing(CLS, 0, "Chromium is not installed")
        return
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder,
        site(Path(folder)) as (server, pages),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        painted, moved = _seen(browser, server.address + pages["front"])
        browser.close()
    yield Figure.at_most(LCP, painted / 1000, GOOD, "s")
    yield Figure.at_most(CLS, moved, 0)


def _seen(browser: Browser, address: str) -> tuple[float, float]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    page.evaluate(WATCH)
    page.wait_for_function("window.painted > 0")
    found = page.evaluate("[window.painted, window.moved]")
    context.close()
    return found[0], found[1]
