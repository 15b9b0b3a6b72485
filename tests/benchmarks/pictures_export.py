"""Whether a content folder comes out as it went in, once its pictures are kept and described."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .databases import sqlite
from .figure import Figure
from .measure import ROOT, run
from .serving import site_environment

NAME = "files that an export writes otherwise"


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        content = work / "content"
        shutil.copytree(ROOT / "fixtures" / "demo", content)
        with sqlite(work / "sqlite") as databases:
            command = [sys.executable, "-m", f"{__package__}.with_django", "pictures_kept"]
            own = site_environment(databases.fresh())
            run([*command, str(content), str(work / "copy")], own, work / "export.txt")
        before, after = _files(content), _files(work / "copy")
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    yield Figure.at_most(f"{NAME}, of {len(before)}", len(changed), 0)


def _files(folder: Path) -> dict[str, bytes]:
    found = (*folder.rglob("*.md"), *folder.rglob("*.yaml"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
