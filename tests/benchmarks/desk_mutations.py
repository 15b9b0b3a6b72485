"""Takes each check of the desk away, one at a time, and asks whether a test notices.

`python -m tests.benchmarks.desk_mutations [--list] [--only PART] [--jobs N]` runs it alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .desk_checks import Check, checks, switch
from .figure import Figure

ROOT = Path(__file__).resolve().parents[2]
NAME = "checks whose removal no test notices"
REACH = 0

TESTS = (
    *("tests/workflow", "tests/stories", "tests/uploads", "tests/digests", "tests/revisions"),
    *("tests/exchange/test_live_text.py", "tests/admin"),
)
"""The tests that may notice."""

MOST = 30
"""Tests that are run without one check: one that none of them misses is called a survivor."""

BEHIND: dict[str, str] = {}
"""The checks that stand behind others on purpose, by name, each with what they are for."""


def survivors(known: Sequence[Check], wanted: Iterable[int], jobs: int) -> list[Check]:
    """Those that no test notices. Raises RuntimeError when a test fails on the code as it is.

    Where a check refuses nothing its removal changes nothing, so that each is taken away from the
    tests alone in which it refuses, those first in which little else does.
    """
    numbers = list(wanted)
    with tempfile.TemporaryDirectory(prefix="newsroom-mutants-") as name:
        folder = Path(name)
        tree = _copy(folder / "tree")
        switch(tree)
        files = _test_files(tree)
        shares = [files[place::jobs] for place in range(jobs)]
        refused = _run(tree, [(share, None) for share in shares])
        plan = _plan(refused, numbers)
        parts = [dict(list(plan.items())[place::jobs]) for place in range(jobs)]
        noticed = _run(tree, [(_files_of(part), part) for part in parts if part])
    for number, test in noticed.items():
        print(f"noticed {known[int(number)]} by {test}", file=sys.stderr)
    return [known[number] for number in numbers if str(number) not in noticed]


def _plan(refused: dict[str, Any], numbers: Sequence[int]) -> dict[str, list[str]]:
    """The tests to run without each check, the most telling first, of every file one before others
    of the same: where nearly all meet a check those of one file may all look elsewhere."""
    telling: dict[int, list[tuple[int, float, str]]] = {number: [] for number in numbers}
    for test, (seconds, found) in refused.items():
        for number in telling.keys() & set(found):
            telling[number].append((len(found), seconds, test))
    return {
        str(number): _one_of_each([test for *_, test in sorted(tests)])[:MOST]
        for number, tests in telling.items()
        if tests
    }


def _one_of_each(tests: Sequence[str]) -> list[str]:
    turns: Counter[str] = Counter()
    placed = []
    for place, test in enumerate(tests):
        file = test.partition("::")[0]
        placed.append((turns[file], place, test))
        turns[file] += 1
    return [test for *_, test in sorted(placed)]


def _files_of(plan: dict[str, list[str]]) -> list[str]:
    return sorted({test.partition("::")[0] for tests in plan.values() for test in tests})


def _copy(folder: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def _test_files(tree: Path) -> list[str]:
    """The long ones first, so that the shares are alike."""
    found = [path for top in TESTS for path in (tree / top).rglob("test_*.py")]
    found += [tree / top for top in TESTS if top.endswith(".py")]
    found.sort(key=lambda path: ("matrix" not in path.name, path.name))
    return [str(path.relative_to(tree)) for path in found]


def _run(
    tree: Path, jobs: Sequence[tuple[Sequence[str], dict[str, list[str]] | None]]
) -> dict[str, Any]:
    """What the plugin says of these files, each share in a process of its own."""
    found: dict[str, Any] = {}
    running = [_start(tree, number, *job) for number, job in enumerate(jobs)]
    for process, out in running:
        words = process.communicate()[0]
        if process.returncode:
            raise RuntimeError(words)
        found |= json.loads(out.read_text())
    return found


def _start(
    tree: Path, number: int, files: Sequence[str], plan: dict[str, list[str]] | None
) -> tuple[subprocess.Popen[str], Path]:
    name = f"{'noticed' if plan else 'refused'}-{number}.json"
    own = {"NEWSROOM_MUTATIONS_OUT": str(tree.parent / name)}
    if plan is not None:
        place = tree.parent / f"plan-{number}.json"
        place.write_text(json.dumps(plan))
        own["NEWSROOM_MUTATIONS_PLAN"] = str(place)
    command = "-m pytest -q -n 0 -p no:cacheprovider -p tests.benchmarks.mutation_plugin"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["NEWSROOM_TESTS"] = "all"
    process = subprocess.Popen(
        [sys.executable, *command.split(), "-m", "not browser and not corpus", *files],
        cwd=tree,
        env=environment | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process, tree.parent / name


def figures() -> Iterable[Figure]:
    """The one figure of this module, the survivors named beside it."""
    known = checks(ROOT)
    left = [
        check
        for check in survivors(known, range(len(known)), os.cpu_count() or 1)
        if check.name not in BEHIND
    ]
    figure = Figure.at_most(f"{NAME}, of {len(known)}", len(left), REACH)
    yield replace(figure, note="; ".join(map(str, left)))


def main() -> None:
    """Name every check that no test would miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    known = checks(ROOT)
    wanted = [number for number, check in enumerate(known) if asked.only in str(check)]
    if asked.list:
        print(*(known[number] for number in wanted), f"{len(wanted)} checks", sep="\n")
        return
    left = survivors(known, wanted, asked.jobs)
    for check in left:
        print(check, BEHIND.get(check.name, "SURVIVES"), sep="\n    ")
    print(f"{len(wanted)} checks, {len(left)} survive")


if __name__ == "__main__":
    main()
