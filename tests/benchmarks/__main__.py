"""Measures the groups named on the command line, or all: `python -m tests.benchmarks [GROUP…]`.

A group is a module bench_<group>.py here with `figures()`, an iterator of Figure. Every figure is
a line; build/benchmarks.json keeps the newest of each group.
"""

from __future__ import annotations

import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from .figure import Figure

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parents[1] / "build" / "benchmarks.json"


def groups() -> list[str]:
    """The names of the groups that exist."""
    names = [module.name for module in pkgutil.iter_modules([str(HERE)])]
    return [name.removeprefix("bench_") for name in names if name.startswith("bench_")]


def measured(group: str) -> list[Figure]:
    """The figures of one group, each printed as soon as it is known."""
    measure: Callable[[], Iterable[Figure]] = import_module(f"{__package__}.bench_{group}").figures
    figures = []
    for figure in measure():
        print(figure.line, flush=True)
        figures.append(figure)
    return figures


def keep(group: str, figures: list[Figure], results: Path = RESULTS) -> None:
    """Writes the figures of one group into `results` and leaves the other groups as they are."""
    kept = json.loads(results.read_text()) if results.exists() else {}
    kept[group] = [asdict(figure) for figure in figures]
    results.parent.mkdir(exist_ok=True)
    beside = results.with_suffix(".new")
    beside.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    beside.replace(results)


def main(asked: list[str]) -> int:
    """Exit code 2 for a group that does not exist; a figure that falls short is no error."""
    unknown = set(asked) - set(groups())
    if unknown:
        print(f"No such group: {', '.join(sorted(unknown))}. There is: {', '.join(groups())}.")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for group in asked or groups():
        keep(group, measured(group))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
