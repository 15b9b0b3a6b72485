"""Queries of the desk's pages: as many for a large newsroom as for a small one, and few."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from .databases import environment, sqlite
from .desk_asking import pages
from .figure import Figure
from .measure import run

SIZES = (2_000, 10_000)
REACH = 20
PAGES = {"list": "all", "queue": "queue", "triage": "triage", "form": "form", "desk": "desk"}


def figures() -> Iterator[Figure]:
    """The queries of each page in the larger newsroom; short where the smaller had others."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            small, large = (_counted(databases.fresh(), size, work) for size in SIZES)
    for page in PAGES:
        figure = Figure.at_most(f"queries of the {page}", large[page], REACH)
        note = f"{small[page]} at {SIZES[0]:,} articles, {large[page]} at {SIZES[1]:,}"
        yield replace(figure, ok=figure.ok and small[page] == large[page], note=note)


def _counted(url: str, articles: int, work: Path) -> dict[str, int]:
    own = environment(url) | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    command, output = [sys.executable, "-m", f"{__package__}.with_django"], work / "output.txt"
    run([*command, "filling", str(articles)], own, output)
    run([*command, "desk_queries"], own, output)
    found: dict[str, int] = json.loads(output.read_text().splitlines()[-1])
    return found


def main() -> None:
    """Print the queries of each page of the database as it is."""
    editor = Client()
    editor.force_login(User.objects.get(username="editor"))
    addresses = pages()
    print(json.dumps({page: _queries(editor, addresses[name]) for page, name in PAGES.items()}))


def _queries(client: Client, address: str) -> int:
    # What is remembered between requests is not counted.
    address = client.get(address).get("Location", address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
