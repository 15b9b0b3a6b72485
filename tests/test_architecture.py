"""The shape of the code: imports go one way, and nothing is too long to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("newsroom", "providers", "articles", "tests")

PURE = {
    "articles.demo_dates",
    "articles.frontmatter",
    "articles.identity",
    "articles.likeness",
    "articles.ranking",
    "articles.states",
    "articles.tracking",
}
MODELS = {"articles.models", "providers"}
MIDDLE = {
    "articles.desk",
    "articles.digests",
    "articles.exchange",
    "articles.images",
    "articles.lock",
    "articles.observing",
    "articles.printing",
    "articles.revisions",
    "articles.search",
    "articles.snapshots",
    "articles.stories",
    "articles.tasks",
    "articles.uploads",
    "articles.workflow",
    "articles.writing",
}
DOORS = {
    "articles.admin",
    "articles.apps",
    "articles.management",
    "articles.public",
    "articles.publishing",
    "articles.safety",
}
# The rooms that each room may import from, itself always among them.
MAY_IMPORT = {
    **{room: {room} for room in (*PURE, "providers")},
    "articles.identity": {"articles.identity", "articles.tracking"},
    "articles.likeness": {"articles.likeness", "articles.tracking"},
    "articles.models": MODELS | PURE,
    **dict.fromkeys(MIDDLE, MIDDLE | MODELS | PURE),
    **dict.fromkeys(DOORS, DOORS | MIDDLE | MODELS | PURE),
    "newsroom": {"newsroom"} | DOORS | MIDDLE | MODELS | PURE,
}
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "misc", "common"}
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50


@cache
def modules() -> list[tuple[str, ast.Module]]:
    """(path in the repository, parsed source) of every module of ours; migrations apart."""
    paths = sorted(path for top in OURS for path in (ROOT / top).rglob("*.py"))
    return [
        (str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8")))
        for path in paths
        if "migrations" not in path.parts
    ]


def room_of(dotted: str) -> str:
    """The room that a dotted name of ours lies in: "providers", "articles.models", …"""
    top, _, rest = dotted.partition(".")
    return f"articles.{rest.partition('.')[0]}" if top == "articles" and rest else top


def imported(path: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of all that is imported; each name of `from x import a, b`."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def wrong_imports(path: str, tree: ast.AST) -> Iterator[str]:
    """Each import that goes the wrong way, as a sentence."""
    room = room_of(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    if room in ("articles", "tests"):
        return
    if room not in MAY_IMPORT:
        yield f"{path}: {room} is no room of the map in test_architecture.py"
        return
    for line, name in imported(path, tree):
        if name.startswith(OURS) and room_of(name) not in MAY_IMPORT[room]:
            yield f"{path}:{line}: {room} imports {name}"
        if room in PURE and name.startswith("django"):
            yield f"{path}:{line}: {room} imports Django"


def test_imports_go_one_way():
    assert [wrong for path, tree in modules() for wrong in wrong_imports(path, tree)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("providers/models.py", "from articles.models import Article"),
        ("articles/models/article.py", "from ..workflow.door import transition"),
        ("articles/models/article.py", "from .. import workflow"),
        ("articles/stories/lead.py", "import articles.public.views"),
        ("articles/exchange/__init__.py", "from ..admin import site"),
        ("articles/frontmatter/read.py", "from django.conf import settings"),
        ("articles/states.py", "from .models import Article"),
        ("articles/attic/old.py", ""),
    ],
)
def test_an_import_that_goes_the_wrong_way_is_noticed(path: str, source: str):
    assert len(list(wrong_imports(path, ast.parse(source)))) == 1


def test_nothing_is_imported_inside_a_function():
    assert [
        f"{path}:{line}: {name}"
        for path, tree in modules()
        for function in functions(tree)
        for line, name in imported(path, function)
    ] == []


def test_no_module_is_too_long_to_read():
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path, _ in modules()}
    assert {path: n for path, n in lengths.items() if n > MAX_MODULE_LINES} == {}


def test_no_function_is_too_long_to_see_at_a_glance():
    assert [
        f"{path}:{function.lineno}: {function.name}"
        for path, tree in modules()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES
    ] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path, _ in modules() if Path(path).stem in EMPTY_NAMES] == []
