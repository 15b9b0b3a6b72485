"""CPU of a request beside Wagtail's for the same articles, in one run.

NEWSROOM_BENCH_WAGTAIL names a Python that has Wagtail 8; without it one is made with pip in
build/peers/wagtail, where a package index answers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .databases import environment, sqlite
from .measure import ROOT, run

HERE = Path(__file__).resolve().parent
PEER = ROOT / "build" / "peers" / "wagtail"
REPEATS = 60
MISSING = "Wagtail is not installed and cannot be: name a Python that has it"

Costs = dict[str, float]


def beside_wagtail() -> dict[str, tuple[float, float]] | None:
    """Seconds of (ours, Wagtail's) for list, form, front and story; None without Wagtail.

    Raises measure.FailedError.
    """
    python = wagtail_python()
    if python is None:
        return None
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        content = work / "content.json"
        with sqlite(work / "sqlite") as databases:
            ours = _ours(databases.fresh(), content, work)
        theirs = _theirs(python, content, work)
    return {name: (ours[name], theirs[name]) for name in ours}


def _ours(url: str, content: Path, work: Path) -> Costs:
    command = [sys.executable, "-m", f"{__package__}.with_django", "pages", str(content)]
    # Static files without a manifest; all else as in production.
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    run([*command, str(REPEATS)], own | {"ALLOWED_HOSTS": "testserver"}, work / "ours.txt")
    return _printed(work / "ours.txt")


def _theirs(python: str, content: Path, work: Path) -> Costs:
    (work / "peer_migrations").mkdir()
    (work / "peer_migrations" / "__init__.py").touch()
    own = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wagtail_peer.settings",
        "PEER_DATABASE": str(work / "peer.sqlite3"),
        "PYTHONPATH": os.pathsep.join([str(HERE / "peers"), str(work)]),
    }
    command = [python, "-m", "django", "measure", str(content), str(REPEATS)]
    run(command, own, work / "theirs.txt")
    return _printed(work / "theirs.txt")


def _printed(output: Path) -> Costs:
    found: Costs = json.loads(output.read_text().splitlines()[-1])
    return found


def wagtail_python() -> str | None:
    """An interpreter that has Wagtail."""
    if named := os.environ.get("NEWSROOM_BENCH_WAGTAIL"):
        return named
    python = PEER / "bin" / "python"
    if python.exists():
        return str(python)
    try:
        PEER.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(python), "-m", "pip", "-q", "install", "wagtail>=8,<9"], check=True)
    except subprocess.CalledProcessError:
        return None
    return str(python)
