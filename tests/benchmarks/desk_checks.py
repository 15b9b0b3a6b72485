"""Finds the checks of the desk in its source, and writes that source with a switch for each."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PARTS = (
    *("articles/workflow", "articles/stories", "articles/uploads", "articles/digests"),
    *("articles/revisions", "articles/desk", "articles/admin", "articles/exchange/entitled.py"),
)
"""Where somebody is refused something."""

REFUSALS = frozenset(
    {
        *("NotPermitted", "PermissionDenied", "WrongState", "StaleVersion", "ReasonMissing"),
        *("GuardsFailed", "NotPossible", "Http404", "stale", "_lacks"),
    }
)
"""What is raised where somebody may not."""

DECORATORS = frozenset({"require_POST", "require_safe", "require_http_methods"})

SWITCHES = "__switches__"
_IMPORT = f"from tests.benchmarks import switches as {SWITCHES}"


@dataclass(frozen=True)
class Check:
    """One check: where it stands and what it says."""

    path: str
    line: int
    function: str
    what: str

    @property
    def name(self) -> str:
        """The same as long as the check is, wherever its line moves."""
        return f"{self.path} {self.function}: {self.what}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.function}: {self.what}"


def paths(root: Path) -> Iterable[Path]:
    """The modules that check, in order."""
    for part in PARTS:
        top = root / part
        yield from sorted(top.rglob("*.py")) if top.is_dir() else [top]


def checks(root: Path) -> list[Check]:
    """Every check of the desk; its place here is its number."""
    found: list[Check] = []
    for path in paths(root):
        _switched(str(path.relative_to(root)), path.read_text(encoding="utf-8"), found)
    return found


def switch(root: Path) -> None:
    """Write every module anew, with a switch for each of its checks."""
    found: list[Check] = []
    for path in paths(root):
        text = _switched(str(path.relative_to(root)), path.read_text(encoding="utf-8"), found)
        path.write_text(text, encoding="utf-8")


def _switched(path: str, source: str, found: list[Check]) -> str:
    tree = ast.parse(source)
    before = len(found)
    _Switching(path, found).visit(tree)
    if len(found) > before:
        place = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.ImportFrom))
        tree.body.insert(place + 1, ast.parse(_IMPORT).body[0])
    return ast.unparse(ast.fix_missing_locations(tree))


class _Switching(ast.NodeTransformer):
    """Puts a switch around every check of one module."""

    def __init__(self, path: str, found: list[Check]) -> None:
        self.path = path
        self.found = found
        self.inside: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self._within(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._within(node)
        for place, decorator in enumerate(node.decorator_list):
            if _called(decorator) in DECORATORS or ast.unparse(decorator) in DECORATORS:
                what = f"@{ast.unparse(decorator)} {node.name}"
                node.decorator_list[place] = self._call("around", what, decorator, decorator)
        if _grants(node):
            node.decorator_list.append(self._call("grants", f"def {node.name}", node))
        return node

    def visit_If(self, node: ast.If) -> ast.If:
        if _refuses(node.body):
            node.test = self._call("holds", f"if {ast.unparse(node.test)}", node, node.test)
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        if _called(node.value).lstrip("_").startswith("check"):
            nothing = ast.arguments([], [], None, [], [], None, [])
            delayed = ast.Lambda(nothing, node.value)
            node.value = self._call("runs", ast.unparse(node.value), node, delayed)
        else:
            self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.attr == "admin_view" and isinstance(node.value, ast.Attribute):
            return self._call("around", ast.unparse(node), node, node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        if _called(node) == "require_POST":
            node.func = self._call("around", ast.unparse(node), node, node.func)
        self.generic_visit(node)
        return node

    def _within(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    def _call(
        self, switch: str, what: str, place: ast.stmt | ast.expr, *more: ast.expr
    ) -> ast.Call:
        number = ast.Constant(len(self.found))
        self.found.append(Check(self.path, place.lineno, ".".join(self.inside), what))
        function = ast.Attribute(ast.Name(SWITCHES, ast.Load()), switch, ast.Load())
        return ast.Call(function, [number, *more], [])


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
