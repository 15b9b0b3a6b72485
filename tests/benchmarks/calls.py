"""Times calls of the exchange beside their peers in one process, its start apart.

Run by bench_exchange: `python -m tests.benchmarks.calls WHAT SITE TARGET` on the database of the
environment. The last line it prints is JSON: by name the CPU and wall seconds of the best run.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import yaml

from .measure import Cost, least, timed

REPEATS = int(os.environ.get("NEWSROOM_BENCH_REPEATS", 5))


def files_of(site: Path) -> list[Path]:
    """The files of a content folder that an import reads."""
    return sorted(path for path in site.rglob("*") if path.suffix in (".md", ".yaml"))


def read_and_hash(files: Iterable[Path]) -> None:
    """The least that finding out about changes can cost."""
    for path in files:
        sha256(path.read_bytes()).digest()


def front_matter(path: Path) -> bytes:
    """The YAML of a file, fences apart."""
    data = path.read_bytes()
    return data[4 : data.index(b"\n---", 4) + 1] if data.startswith(b"---\n") else data


def load_yaml(texts: Iterable[bytes]) -> None:
    """What a stock loader takes for the same front matter."""
    for text in texts:
        yaml.load(text, yaml.CSafeLoader)


def write_and_rename(contents: dict[str, bytes], target: Path) -> None:
    """The least that writing files whole can cost."""
    for path, data in contents.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(".part")
        with open(beside, "wb", buffering=0) as part:
            part.write(data)
        os.replace(beside, file)


def exchange() -> Any:
    """What is measured; it needs Django set up, which the peers must not pay for."""
    return import_module("articles.exchange")


def best_of(calls: Mapping[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, Cost]:
    """The best of each; they take turns, so that a busy spell of the machine meets all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            costs[name].append(timed(call))
    return {name: least(found) for name, found in costs.items()}


def first_import(site: Path, _target: Path) -> dict[str, Cost]:
    """One import into an empty database; a process for each repeat."""
    run_import = exchange().run_import
    return {"import": timed(lambda: run_import([site]))}


def stock_loader(site: Path, _target: Path) -> dict[str, Cost]:
    """The same front matter by CSafeLoader alone, in a process that holds nothing else."""
    texts = [front_matter(path) for path in files_of(site)]
    return {"CSafeLoader": timed(lambda: load_yaml(texts))}


def import_again(site: Path, _target: Path) -> dict[str, Cost]:
    """Unchanged, with one ordinary file changed and with the largest changed, beside hashing."""
    run_import = exchange().run_import
    files = files_of(site)
    articles = sorted((site / "_news").iterdir(), key=lambda path: (path.stat().st_size, path.name))

    def changed(path: Path) -> Callable[[], object]:
        def call() -> None:
            data = path.read_bytes()
            line = next(line for line in data.splitlines() if line.startswith(b'title: "'))
            path.write_bytes(data.replace(line, line[:-1] + b'!"', 1))
            run_import([site])

        return call

    return best_of(
        {
            "hash": lambda: read_and_hash(files),
            "unchanged": lambda: run_import([site]),
            "ordinary": changed(articles[len(articles) // 2]),
            "largest": changed(articles[-1]),
        }
    )


def export_everything(site: Path, target: Path) -> dict[str, Cost]:
    """Into an empty folder, beside writing the same bytes; then again, beside hashing them."""
    run_export = exchange().run_export
    contents = {str(path.relative_to(site)): path.read_bytes() for path in files_of(site)}
    copy = target / "peer"
    exported = target / "export"
    written: dict[str, list[Cost]] = {"write": [], "everything": []}
    for _ in range(REPEATS):
        shutil.rmtree(target, ignore_errors=True)
        written["write"].append(timed(lambda: write_and_rename(contents, copy)))
        written["everything"].append(timed(lambda: run_export(exported)))
    files = files_of(exported)
    again = {"hash": lambda: read_and_hash(files), "nothing": lambda: run_export(exported)}
    return {name: least(costs) for name, costs in written.items()} | best_of(again)


MEASURES: dict[str, Callable[[Path, Path], dict[str, Cost]]] = {
    "first": first_import,
    "loader": stock_loader,
    "again": import_again,
    "export": export_everything,
}


def main(what: str, site: str, target: str) -> None:
    """Measure one of the above and print it."""
    if what != "loader":
        django.setup()
    print(json.dumps(MEASURES[what](Path(site), Path(target))))


if __name__ == "__main__":
    main(*sys.argv[1:])
