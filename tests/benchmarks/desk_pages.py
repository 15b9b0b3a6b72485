"""Every page of the desk over hostile content: in light and dark, with and without scripts."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_ARGS
from tests.looking import Looker

from .databases import environment, sqlite
from .figure import Figure
from .measure import run
from .serving import Server

ACTIVE, PLAIN = "hostile text active, policy breaks", "the same without scripts"
LIGHT, DARK, WIDE = "axe violations, light", "axe violations, dark", "wider than a phone"
KINDS = (ACTIVE, PLAIN, LIGHT, DARK, WIDE)
DJANGO_S = ("/auth/",)
"""Django's own pages, in whose choosers axe finds what is Django's to mend."""


def figures() -> Iterator[Figure]:
    """Problems on all pages by kind, with those pages in the notes."""
    chromium = shutil.which("chromium")
    if chromium is None:
        for kind in KINDS:
            yield Figure.missing(f"desk pages: {kind}", 0, "Chromium is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="newsroom-pages-") as folder:
        found, count = _found(Path(folder), chromium)
    for kind in KINDS:
        figure = Figure.at_most(f"desk pages: {kind}", len(found[kind]), 0)
        yield replace(figure, note="; ".join([f"{count} pages", *found[kind][:5]]))


def _found(folder: Path, chromium: str) -> tuple[dict[str, list[str]], int]:
    with sqlite(folder / "databases") as databases:
        url = databases.fresh()
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    fill = [sys.executable, "-m", f"{__package__}.with_django", "hostile_fill", str(folder / "in")]
    run(fill, own | {"ALLOWED_HOSTS": "testserver"}, folder / "fill.txt")
    filled = json.loads((folder / "fill.txt").read_text().splitlines()[-1])
    server = Server(url, folder / "server.txt")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
            return _looked(browser, server.address, filled), len(filled["pages"])
    finally:
        server.kill()


def _looked(browser: Browser, base: str, filled: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    session = filled["session"]
    light = Looker(browser, base, session)
    dark = Looker(browser, base, session, color_scheme="dark")
    plain = Looker(browser, base, session, java_script_enabled=False)
    for page in filled["pages"]:
        is_ours = not any(part in page for part in DJANGO_S)
        for looker, kind in ((light, ACTIVE), (plain, PLAIN), (dark, DARK)):
            looker.open(page)
            problems = looker.axe() if kind == DARK else looker.active()
            if is_ours or kind != DARK:
                found[kind] += [f"{page}: {problem}" for problem in problems]
        if is_ours:
            found[LIGHT] += [f"{page}: {problem}" for problem in light.axe()]
            found[WIDE] += [f"{page}: {problem}" for problem in light.too_wide()]
    return found
