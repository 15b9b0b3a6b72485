"""Takes each check of the desk away, one at a time, and asks whether a test notices.

`python -m tests.benchmarks.desk_mutations [--list] [--every N] [--only PART] [--jobs N]` runs it
alone; NEWSROOM_BENCH_MUTANTS (20) says of how many checks `make bench` takes one.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue

from .figure import Figure

ROOT = Path(__file__).resolve().parents[2]
NAME = "checks whose removal no test notices"
REACH = 0
EVERY = int(os.environ.get("NEWSROOM_BENCH_MUTANTS", 20))
"""One of so many checks is taken away: all of them (1) are hours of two cores."""
PATIENCE = 600
"""Seconds that the tests of one mutant may take; one that hangs was noticed."""

REFUSALS = frozenset(
    {
        *("NotPermitted", "PermissionDenied", "WrongState", "StaleVersion", "ReasonMissing"),
        *("GuardsFailed", "NotPossible", "Http404", "stale", "_lacks"),
    }
)
"""What is raised where somebody may not."""

DECORATORS = frozenset({"require_POST", "require_safe", "require_http_methods"})
_MATRIX = tuple(f"tests/admin/test_matrix_{way}.py" for way in ("pages", "form", "bulk"))

NOTICING: dict[str, tuple[str, ...]] = {
    "articles/workflow": ("tests/workflow", *_MATRIX),
    "articles/stories": ("tests/stories", "tests/workflow/test_leads.py", _MATRIX[0]),
    "articles/uploads": ("tests/uploads", "tests/admin/test_uploads.py", _MATRIX[0]),
    "articles/digests": ("tests/digests", _MATRIX[0]),
    "articles/revisions": ("tests/admin/test_revisions.py", "tests/revisions", _MATRIX[0]),
    "articles/desk": ("tests/admin",),
    "articles/admin": (*_MATRIX, "tests/admin"),
    "articles/exchange/entitled.py": ("tests/admin/test_conflicts.py",),
}
"""The tests that should notice, those that most likely do first, by the part they stand for."""


@dataclass(frozen=True)
class Mutant:
    """A module's source with one check taken away."""

    path: str
    line: int
    what: str
    source: str

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests to run."""
        return next(tests for part, tests in NOTICING.items() if self.path.startswith(part))

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


def mutants(root: Path) -> Iterator[Mutant]:
    """Every check of the desk, in the order of the files."""
    for part in NOTICING:
        top = root / part
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            yield from _of_module(str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def _of_module(path: str, source: str) -> Iterator[Mutant]:
    for node in ast.walk(ast.parse(source)):
        for what, place, text in _removals(node):
            yield Mutant(path, place.lineno, what, _replaced(source, place, text))


def _removals(node: ast.AST) -> Iterator[tuple[str, ast.stmt | ast.expr, str]]:
    """(what is taken away, the piece of source, what stands there instead)."""
    if isinstance(node, ast.If) and _refuses(node.body):
        yield f"if {ast.unparse(node.test)}", node.test, "False"
    elif isinstance(node, ast.Expr) and _called(node.value).lstrip("_").startswith("check"):
        yield ast.unparse(node), node, "pass"
    elif isinstance(node, ast.FunctionDef):
        if _grants(node):
            begin = node.body[1] if ast.get_docstring(node) else node.body[0]
            yield f"def {node.name}", begin, "return True"
        for decorator in node.decorator_list:
            if _called(decorator) in DECORATORS or ast.unparse(decorator) in DECORATORS:
                yield f"@{ast.unparse(decorator)}", decorator, "(lambda view: view)"
    elif isinstance(node, ast.Attribute) and node.attr == "admin_view":
        if isinstance(node.value, ast.Attribute):
            yield ast.unparse(node), node, "(lambda view: view)"
    elif isinstance(node, ast.Call) and _called(node) == "require_POST":
        yield ast.unparse(node), node, ast.unparse(node.args[0])


def _refuses(body: Sequence[ast.stmt]) -> bool:
    last = body[-1]
    if not isinstance(last, ast.Raise) or last.exc is None:
        return False
    return (_called(last.exc) or ast.unparse(last.exc)).rpartition(".")[2] in REFUSALS


def _grants(node: ast.FunctionDef) -> bool:
    name = node.name.lstrip("_")
    is_hook = name.startswith("has_") and name.endswith("_permission")
    return is_hook or name.startswith("may_") or name == "is_open_to"


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""


def _replaced(source: str, place: ast.stmt | ast.expr, text: str) -> str:
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    begin = starts[place.lineno - 1] + place.col_offset
    end = starts[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
    data = source.encode()
    return (data[:begin] + text.encode() + data[end:]).decode()


def survivors(chosen: Sequence[Mutant], jobs: int) -> list[Mutant]:
    """Those that no test notices. Raises RuntimeError when the tests fail on the code as it is."""
    with tempfile.TemporaryDirectory(prefix="newsroom-mutants-") as folder:
        trees: Queue[Path] = Queue()
        for number in range(jobs):
            trees.put(_copy(Path(folder) / str(number)))
        _check_whole(trees.queue[0], chosen)

        def is_noticed(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                with _mutated(tree, mutant):
                    found = _fails(tree, mutant.tests)
            finally:
                trees.put(tree)
            print(f"{'noticed ' if found else 'SURVIVES'} {mutant}", file=sys.stderr, flush=True)
            return found

        with ThreadPoolExecutor(jobs) as pool:
            return [
                one
                for one, found in zip(chosen, pool.map(is_noticed, chosen), strict=True)
                if not found
            ]


def _check_whole(tree: Path, chosen: Sequence[Mutant]) -> None:
    for tests in {mutant.tests for mutant in chosen}:
        if _fails(tree, tests):
            raise RuntimeError(f"without any change fails: {' '.join(tests)}")


def _copy(folder: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@contextmanager
def _mutated(tree: Path, mutant: Mutant) -> Iterator[None]:
    place = tree / mutant.path
    whole = place.read_text(encoding="utf-8")
    place.write_text(mutant.source, encoding="utf-8")
    try:
        yield
    finally:
        place.write_text(whole, encoding="utf-8")


def _fails(tree: Path, tests: Sequence[str]) -> bool:
    """Whether a test fails; no compiled files, which could outlive a change within one second."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    try:
        done = subprocess.run(
            [*command, "-m", "not browser and not corpus", *tests],
            cwd=tree,
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def figures(every: int = EVERY) -> Iterator[Figure]:
    """The one figure of this module, the survivors named beside it."""
    chosen = list(mutants(ROOT))[::every]
    left = survivors(chosen, os.cpu_count() or 1)
    figure = Figure.at_most(f"{NAME}, of {len(chosen)}", len(left), REACH)
    yield replace(figure, note="; ".join(map(str, left)))


def main() -> None:
    """Name every mutant and whether a test notices it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    chosen = [one for one in mutants(ROOT) if asked.only in str(one)][:: asked.every]
    if asked.list:
        print(*chosen, f"{len(chosen)} mutants", sep="\n")
        return
    left = survivors(chosen, asked.jobs)
    print(*left, f"{len(chosen)} mutants, {len(left)} survive", sep="\n")


if __name__ == "__main__":
    main()
