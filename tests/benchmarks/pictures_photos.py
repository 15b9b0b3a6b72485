"""Photographs of 12 megapixels, generated: light, shapes, and grain as sensors have it."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (4000, 3000)
_SMALL = (400, 300)


def photographs(folder: Path, count: int) -> list[Path]:
    """As many JPEG files, each another; two to four MB."""
    folder.mkdir(parents=True, exist_ok=True)
    grain = Image.effect_noise((1600, 1200), 40).resize(SIZE).convert("RGB")
    found = []
    for number in range(count):
        path = folder / f"{number:03}.jpg"
        _scene(random.Random(number), grain).save(path, "JPEG", quality=88)
        found.append(path)
    return found


def _scene(chance: random.Random, grain: Image.Image) -> Image.Image:
    small = Image.new("RGB", _SMALL, _colour(chance))
    pen = ImageDraw.Draw(small)
    for _ in range(60):
        x, y = chance.randrange(_SMALL[0]), chance.randrange(_SMALL[1])
        wide, high = chance.randrange(8, 120), chance.randrange(8, 90)
        pen.ellipse((x, y, x + wide, y + high), fill=_colour(chance))
    soft = small.filter(ImageFilter.GaussianBlur(2)).resize(SIZE, Image.Resampling.BICUBIC)
    return Image.blend(soft, grain, 0.12)


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)
