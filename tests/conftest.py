"""What several tests stand on: a real browser and real content, each skipped where absent."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CORPUS = Path(
    os.environ.get("NEWSROOM_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus")
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once for each worker."""
    executable = shutil.which("chromium")
    if not executable:
        pytest.skip("Chromium is not installed")
    # Playwright keeps an event loop in this thread, and Django would take tests for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a fresh visitor, relative to the live site; no script may fail or be blocked."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    context = chromium.new_context(base_url=live_server.url, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(10_000)
    visitor = context.new_page()
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on("console", listen)
    yield visitor
    context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A folder holding site-a/, site-a-api/, site-b/ and seed.md of real content; read only."""
    if not (CORPUS / "seed.md").exists():
        pytest.skip("no real content beside the checkout, nor at NEWSROOM_CORPUS")
    archives = sorted(CORPUS.glob("*.tar.xz"))
    return _unpacked(archives) if archives else CORPUS


def _unpacked(archives: list[Path]) -> Path:
    """Unpacked once for these very archives, by whichever worker or run comes first."""
    stamp = repr([(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in archives])
    name = f"newsroom-corpus-{os.getuid()}-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    target = Path(tempfile.gettempdir()) / name
    if target.exists():
        return target
    own = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    for archive in archives:
        shutil.unpack_archive(archive, own)
    for loose in CORPUS.glob("*.*"):
        if loose not in archives:
            shutil.copyfile(loose, own / loose.name)
    try:
        own.rename(target)
    except OSError:
        # Another worker was first; its folder holds the same.
        shutil.rmtree(own)
    return target
