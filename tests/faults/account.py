"""Counts what went wrong, and tells each in build/faults.txt."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure
from tests.benchmarks.measure import ROOT, run
from tests.benchmarks.serving import site_environment

SCALE = float(os.environ.get("NEWSROOM_FAULTS_SCALE") or 1)
"""A part of what is tried in full; a figure says how much that was."""

SEED = int(os.environ.get("NEWSROOM_FAULTS_SEED") or secrets.randbelow(10**6))
HOSTS = "127.0.0.1,testserver"
ACCOUNT = ROOT / "build" / "faults.txt"

CHILD = """
import sys
from importlib import import_module
import django
django.setup()
import_module(sys.argv[1]).main(*sys.argv[2:])
"""


def scaled(number: int) -> int:
    """So many in full, never none."""
    return max(1, round(number * SCALE))


def figure(what: str, wrong: Sequence[str], note: str) -> Figure:
    """How many went wrong, of which there may be none."""
    if wrong:
        ACCOUNT.parent.mkdir(exist_ok=True)
        with open(ACCOUNT, "a", encoding="utf-8") as account:
            account.writelines(f"{what}: {line}\n" for line in wrong)
    return replace(Figure.at_most(what, len(wrong), 0), note=note)


def answer(module: str, *words: object, url: str, output: Path, **environ: str) -> Any:
    """What `main` of a module here prints last, as JSON, on that database."""
    command = [sys.executable, "-c", CHILD, f"{__package__}.{module}", *map(str, words)]
    own = {"DATABASE_POOL": "0", "LOG_LEVEL": "CRITICAL", "ALLOWED_HOSTS": HOSTS}
    run(command, site_environment(url) | own | environ, output)
    return json.loads(output.read_text(errors="replace").splitlines()[-1])
