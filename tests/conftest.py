"""What several tests stand on: a real browser and real content, each skipped where absent."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Condition
from typing import Any

import hypothesis
import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from articles.public import clock, whole
from articles.safety import places
from articles.workflow.roles import ensure_roles

# A busy machine says nothing about the product.
hypothesis.settings.register_profile(
    "here", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("here")

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


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    """Each test has a database of its own, and two may have come equally far."""
    clock.forget()
    whole.forget()


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The roles stand in the database from the beginning, as on a site."""
    with django_db_blocker.unblock():
        ensure_roles()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A SQLite file with all that `migrate` makes, to be copied: it takes seconds, so that one
    worker makes it for all."""
    own = tmp_path_factory.getbasetemp()
    file = (own if worker_id == "master" else own.parent) / "migrated.sqlite3"
    with open(file.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            beside = file.with_suffix(".new")
            places.migrate(places.address_of(beside))
            beside.rename(file)
    return file


class Busy:
    """How many requests the site is answering, those that a page sends by itself among them."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.count = 0

    def begin(self, **_: object) -> None:
        self._add(1)

    def end(self, **_: object) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def wait_until_idle(self) -> None:
        """A database that is emptied under a running request may deadlock."""
        with self.changed:
            self.changed.wait_for(lambda: self.count <= 0, timeout=30)


@pytest.fixture
def busy(live_server: LiveServer) -> Iterator[Busy]:
    counted = Busy()
    request_started.connect(counted.begin)
    request_finished.connect(counted.end)
    yield counted
    counted.wait_until_idle()
    request_started.disconnect(counted.begin)
    request_finished.disconnect(counted.end)


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, busy: Busy) -> Iterator[Page]:
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


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty place for pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def no_cache(settings: Any) -> None:
    """The server that `CACHE_URL` names is not there."""
    nowhere = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
    settings.CACHES = settings.CACHES | {"default": nowhere}
