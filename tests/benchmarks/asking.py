"""What pages cost in a newsroom that was filled for it: the asking, whichever pages they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.db import connection
from django.test import Client

from .databases import Databases, environment
from .measure import run

LONG = 3
"""Seconds after which nobody learns anything from waiting again."""


def least(client: Client, address: str, repeats: int) -> tuple[float, Any]:
    """Seconds of the least of several requests, and the last answer: CPU, in which SQLite works, or
    the wall of the request where the database is a server."""
    clock = perf_counter if connection.vendor == "postgresql" else process_time
    costs = []
    for _ in range(repeats):
        started = clock()
        response = client.get(address)
        costs.append(clock() - started)
        assert response.status_code == 200, (address, response.status_code)
        if costs[-1] > LONG:
            break
    return min(costs), response


def asked(databases: Databases, articles: int, work: Path, *asking: str) -> Any:
    """What a module (`asking`, with its arguments) prints of a newsroom of so many articles."""
    url, output = databases.fresh(), work / "output.txt"
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", f"{__package__}.with_django"]
    run([*command, "filling", str(articles)], own, output)
    run([*command, *asking], own | {"ALLOWED_HOSTS": "testserver"}, output)
    databases.drop(url)
    return json.loads(output.read_text().splitlines()[-1])
