"""Pictures: what renditions cost, what hostile files and addresses do, what a full page weighs.

NEWSROOM_BENCH_PHOTOS says how many photographs of 12 megapixels are made (200). The bare loop does
a fifth of them and the peers a tenth: they are compared by the CPU of a photograph.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from articles.images.recipe import QUALITY, SIDE, Focus, renditions

from . import pictures_export, pictures_harm, pictures_seen
from .beside_wagtail import MISSING, wagtail_python
from .figure import Figure
from .measure import FailedError, run
from .pictures_photos import photographs

COUNT = int(os.environ.get("NEWSROOM_BENCH_PHOTOS", "200"))
HERE = Path(__file__).resolve().parent
MEGABYTE = 1_000_000
BARE = "renditions of 12 MP / a bare Pillow loop's, CPU"
PEERS = {
    "thumbnails": "renditions / easy-thumbnails', CPU",
    "wagtail": "renditions / Wagtail's, CPU",
}
SIZED = (SIDE, SIDE * 3 // 4)
"""Of a photograph as it is kept."""


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    yield from _renditions()
    yield from pictures_harm.figures()
    yield from pictures_seen.figures()
    yield from pictures_export.figures()


def _renditions() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        photographs(work / "photos", COUNT)
        ours = _made("ours", work, COUNT)
        bare = _made("bare", work, max(1, COUNT // 5))
        yield _ratio(BARE, ours["cpu"], bare["cpu"], 1.3)
        yield from _beside_peers(ours["cpu"], work)
    yield Figure.at_most("memory of a worker at its most", ours["peak"] / MEGABYTE, 300, "MB")
    name = f"memory grown from 10 to {COUNT} photographs"
    yield Figure.at_most(name, max(0.0, ours["grown"] / MEGABYTE), 1, "MB")


def _made(way: str, work: Path, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", f"{__package__}.pictures_make", way]
    output = work / f"{way}.txt"
    run([*command, str(work / "photos"), str(count)], os.environ, output)
    found: dict[str, Any] = json.loads(output.read_text().splitlines()[-1])
    return found


def _beside_peers(ours: float, work: Path) -> Iterator[Figure]:
    python = wagtail_python()
    for way, name in PEERS.items():
        if python is None:
            yield Figure.missing(name, 1, MISSING)
            continue
        try:
            theirs = _of_peer(python, way, work)
        except FailedError as failed:
            yield Figure.missing(name, 1, str(failed)[-200:])
        else:
            yield _ratio(name, ours, theirs, 1)


def _of_peer(python: str, way: str, work: Path) -> float:
    wanted = [
        (*one.size, one.format, QUALITY[one.format])
        for one in renditions("picture", *SIZED, Focus())
    ]
    own = os.environ | {
        "DJANGO_SETTINGS_MODULE": "pictures_peer.settings",
        "PEER_DATABASE": str(work / f"{way}.sqlite3"),
        "PEER_MEDIA": str(work / f"{way}-media"),
        "PYTHONPATH": os.pathsep.join([str(HERE / "peers"), str(work)]),
    }
    migrations = work / "peer_migrations"
    migrations.mkdir(exist_ok=True)
    (migrations / "__init__.py").touch()
    output = work / f"{way}.txt"
    command = [python, "-m", "pictures_peer.make", way, str(work / "photos")]
    run([*command, str(max(1, COUNT // 10)), json.dumps(wanted)], own, output)
    cpu: float = json.loads(output.read_text().splitlines()[-1])["cpu"]
    return cpu


def _ratio(name: str, ours: float, theirs: float, reach: float) -> Figure:
    note = f"{ours:.2f} / {theirs:.2f} s a photograph"
    return replace(Figure.at_most(name, ours / theirs, reach), note=note)
