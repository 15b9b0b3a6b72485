"""Makes the renditions of photographs in one way and prints what that cost, as JSON:
`pictures_make ours|bare FOLDER COUNT`. Peers have scripts of their own (peers/pictures_peer)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from PIL import Image, ImageOps

from articles.images import darkroom
from articles.images.recipe import QUALITY, SIDE, Focus, renditions

SAVED_AS = {"jpg": "JPEG", "webp": "WEBP", "avif": "AVIF"}
OPTIONS: dict[str, dict[str, Any]] = {
    "jpg": {"progressive": True, "optimize": True},
    "avif": {"speed": 8, "max_threads": 1},
    "webp": {"method": 4},
}
EARLY = 10
"""Photographs after which memory is looked at first."""


def bare(path: Path) -> None:
    """What a careful loop over Pillow does: decoded once, small, each size saved in its formats."""
    image: Image.Image = Image.open(path)
    image.draft("RGB", (SIDE, SIDE))
    image = ImageOps.exif_transpose(image).convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    for one in renditions("picture", *image.size, Focus()):
        small = image.resize(one.size, Image.Resampling.LANCZOS, one.box, reducing_gap=2.0)
        kind, options = SAVED_AS[one.format], OPTIONS[one.format]
        small.save(BytesIO(), kind, quality=QUALITY[one.format], **options)


def ours(path: Path) -> None:
    """All that the site does, the picture that is kept among it."""
    darkroom.develop(path.read_bytes(), "picture", Focus())


def main(way: str, folder: str, count: str) -> None:
    make: Callable[[Path], None] = {"ours": ours, "bare": bare}[way]
    paths = sorted(Path(folder).glob("*.jpg"))[: int(count)]
    before, peak, early = os.times(), 0, 0
    for number, path in enumerate(paths, 1):
        make(path)
        peak = max(peak, darkroom.last_peak())
        if number == min(EARLY, len(paths)):
            early = _resident()
    late = _resident()
    darkroom.close()
    after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    own = getrusage(RUSAGE_SELF).ru_maxrss * 1024
    found = {"cpu": cpu / len(paths), "peak": peak or own, "grown": late - early}
    print(json.dumps(found))


def _resident() -> int:
    """Bytes that the process which decodes holds."""
    process = darkroom.process()
    if process is None:
        return 0
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


if __name__ == "__main__":
    main(*sys.argv[1:])
