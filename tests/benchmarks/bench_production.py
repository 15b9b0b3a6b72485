"""What an operator sleeps by: a restored newsroom equals the saved one, and no kill leaves half.

NEWSROOM_DRILL_ARTICLES (10,000) says how large the newsroom is, NEWSROOM_DRILL_KILLS (20 on each
database) how many backups are killed at random, NEWSROOM_DRILL_SEED where the chances begin.
"""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

from . import (
    production_faults,
    production_fuzz,
    production_hostile,
    production_memory,
    production_million,
    production_mixed,
    production_readers,
)
from .databases import MANAGE, SILENT, Databases, environment, on_each
from .figure import Figure
from .invented import invented
from .measure import ROOT, run

LOADS = (
    production_faults,
    production_readers,
    production_hostile,
    production_mixed,
    production_fuzz,
    production_memory,
    production_million,
)
"""What else this group measures; the longest last."""

ARTICLES = int(os.environ.get("NEWSROOM_DRILL_ARTICLES", 10_000))
KILLS = int(os.environ.get("NEWSROOM_DRILL_KILLS", 20))
SEED = int(os.environ.get("NEWSROOM_DRILL_SEED") or secrets.randbelow(10**6))

DRILL = f"restore drill of {ARTICLES:,} articles: unequal tables"
HEADERS = "checks that every page is graded A+ which fail"
KILLED = "backups killed at random: half ones, or not made good"


def figures() -> Iterator[Figure]:
    """Every figure of this group, what needs a database on each."""
    yield _headers()
    with tempfile.TemporaryDirectory(prefix="newsroom-production-") as name:
        work = Path(name)
        content = invented(work / "content", ARTICLES)
        missing = [Figure.missing(what, 0, SILENT) for what in (DRILL, KILLED)]
        yield from on_each(work, lambda databases: _of_database(databases, content, work), missing)
    for module in LOADS:
        yield from module.figures()


def _headers() -> Figure:
    """The rules of the Observatory on every page for readers and of the desk."""
    asked = [MANAGE[0], "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_headers.py"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    failed, passed = (
        sum(map(int, re.findall(rf"(\d+) {word}", done.stdout)))
        for word in ("(?:failed|errors?)", "passed")
    )
    if not passed and not failed:
        return Figure.missing(HEADERS, 0, "the tests did not run")
    return replace(Figure.at_most(HEADERS, failed, 0), note=f"{passed} hold")


def _of_database(databases: Databases, content: Path, work: Path) -> Iterator[Figure]:
    output, own = work / "output.txt", work / f"drill-{databases.name}"
    own.mkdir(exist_ok=True)
    url = databases.fresh()
    run([*MANAGE, "frontmatter", "import", str(content)], environment(url), output)
    yield _drill(databases, url, own)
    yield _killed(databases, url, own)
    databases.drop(url)


def _drill(databases: Databases, url: str, own: Path) -> Figure:
    """Saved, put back into an empty database, saved again: what the two manifests say."""
    saving = _seconds("backup", own / "first", url)
    other = databases.fresh()
    restoring = _seconds("restore", own / "first", other)
    _seconds("backup", own / "second", other)
    databases.drop(other)
    first, second = _tables(own / "first"), _tables(own / "second")
    # The second one was made when the first was no longer the last.
    unequal = [name for name in first if first[name] != second[name] and "backup" not in name]
    megabytes = sum(path.stat().st_size for path in (own / "first").rglob("*") if path.is_file())
    note = f"saved in {saving:.1f} s, {megabytes / 1e6:.0f} MB, restored in {restoring:.1f} s"
    figure = Figure.at_most(f"{DRILL}, {databases.name}", len(unequal), 0)
    return replace(figure, note=note)


def _killed(databases: Databases, url: str, own: Path) -> Figure:
    """Backups killed anywhere, then one that is not: how many were neither whole nor absent."""
    chance, wrong, whole = random.Random(SEED), 0, 0
    longest = _seconds("backup", own / "timed", url)
    for _ in range(KILLS):
        shutil.rmtree(own / "killed", ignore_errors=True)
        child = subprocess.Popen(
            [*MANAGE, "backup", str(own / "killed")],
            cwd=ROOT,
            env=environment(url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            child.wait(timeout=chance.uniform(0, longest))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if (own / "killed").exists():
            whole += 1
            wrong += not _is_whole(own / "killed")
    shutil.rmtree(own / "killed", ignore_errors=True)
    _seconds("backup", own / "killed", url)
    wrong += not _is_whole(own / "killed")
    figure = Figure.at_most(f"{KILLED}, {databases.name}", wrong, 0)
    return replace(figure, note=f"{KILLS} killed, {whole} after their end, seed {SEED}")


def _seconds(command: str, folder: Path, url: str) -> float:
    """How long a command on a folder takes; the files beside the database are its own."""
    begun = monotonic()
    run([*MANAGE, command, str(folder)], environment(url), folder.with_suffix(".txt"))
    return monotonic() - begun


def _is_whole(folder: Path) -> bool:
    """Whether every digest of a backup is right; asked of a database that needs no rows."""
    asked = (
        "import sys, django; from pathlib import Path; django.setup();"
        "from articles.safety.restore import checked; checked(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [MANAGE[0], "-c", asked, str(folder)],
        cwd=ROOT,
        env=environment("sqlite:///:memory:"),
        check=False,
    )
    return done.returncode == 0


def _tables(folder: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((folder / "manifest.json").read_text())[
        "tables"
    ]
    return found
