"""What is made of a picture: a fixed set of renditions by place, and their names. Pure.

A rendition's name says all that it is made of, so that it never changes under that name: a token
of the picture, its place and size, and a stamp of this recipe and the focal point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

RECIPE = 1
"""Grows when anything below, or how `pixels` goes about it, changes what is made."""

SIDE = 2000
"""The longest side of a picture as it is kept, pixels: enough for the widest rendition."""
WIDE = (16, 9)
WIDTHS = (320, 640, 960, 1600)
CARD, LEAD = WIDTHS[:2], WIDTHS[1:]
"""Widths of a picture in a list, and of the one that leads a page."""
SOCIAL = (1200, 630)
LOGOS = (50, 400)
"""Sides of a logo's square, pixels."""
LOGO_SIDE = 800

ORIGINALS = {"picture": ("jpg", 92), "logo": ("webp", 100)}
"""Format and quality of a picture as it is kept, by kind; logos keep every pixel."""
QUALITY = {"avif": 52, "webp": 74, "jpg": 78, "png": 100}
FALL_BACK = {"picture": "jpg", "logo": "png"}
"""What a browser shows that knows neither AVIF nor WebP; only logos have transparent parts."""
SIDES = {"picture": SIDE, "logo": LOGO_SIDE}
TINTS = (
    *("#2e3440", "#5b6470", "#9aa3ad", "#dfe3e6", "#5a3a2e", "#a9805c"),
    *("#e3cfae", "#7a2f2a", "#2f5d3a", "#7f9a6a", "#27496d", "#7fa3c4"),
)
"""Colours that keep a picture's place while it comes: `.tint-N` of the style sheet."""

_NAME = re.compile(
    r"(?P<head>[0-9a-f]{2})/(?P<token>[0-9a-f]{24})/"
    r"(?P<place>wide|social|logo)-(?P<width>\d{2,4})-(?P<stamp>[0-9a-f]{8})\.(?P<ext>[a-z]{3,4})"
)


class Focus(NamedTuple):
    """What matters most in a picture, in hundredths from its left and its top."""

    x: int = 50
    y: int = 50


@dataclass(frozen=True, slots=True)
class Rendition:
    """`size` is in pixels; `box` the part that is shown, in pixels of the picture as it is kept,
    None for one that is shown whole on a square."""

    place: str
    size: tuple[int, int]
    box: tuple[float, float, float, float] | None
    format: str

    @property
    def quality(self) -> int:
        return QUALITY[self.format]


def stamp(focus: Focus) -> str:
    """What a rendition is made by, as its name says it."""
    return blake2b(repr((RECIPE, *focus)).encode(), digest_size=4).hexdigest()


def renditions(kind: str, width: int, height: int, focus: Focus) -> list[Rendition]:
    """What is made of a picture of that kind ("picture", "logo"), kept in this size in pixels."""
    return list(of_logo() if kind == "logo" else of_picture(width, height, focus))


def of_picture(width: int, height: int, focus: Focus) -> Iterator[Rendition]:
    """The renditions of a picture that is kept in this size; none is larger than it is."""
    for wide in widths(width, height):
        size = (wide, round(wide * WIDE[1] / WIDE[0]))
        for format in ("avif", "webp", "jpg"):
            yield Rendition("wide", size, _cut(width, height, size, focus), format)
    yield Rendition("social", SOCIAL, _cut(width, height, SOCIAL, focus), "jpg")


def of_logo() -> Iterator[Rendition]:
    """The renditions of a logo, each a square."""
    for side in LOGOS:
        for format in ("avif", "webp", "png"):
            yield Rendition("logo", (side, side), None, format)


def widths(width: int, height: int) -> list[int]:
    """The widths that a picture of this size is shown in."""
    most = min(width, height * WIDE[0] // WIDE[1])
    return [wide for wide in WIDTHS if wide <= most] or [max(1, min(most, WIDTHS[0]))]


def _cut(
    width: int, height: int, size: tuple[int, int], focus: Focus
) -> tuple[float, float, float, float]:
    """The largest part of that shape, as near to the focal point as the edges allow."""
    scale = min(width / size[0], height / size[1])
    wide, high = size[0] * scale, size[1] * scale
    left = max(min(width * focus.x / 100 - wide / 2, width - wide), 0)
    top = max(min(height * focus.y / 100 - high / 2, height - high), 0)
    return left, top, min(left + wide, width), min(top + high, height)


def token(digest: str, kind: str, key: str) -> str:
    """By which readers ask for a picture: whoever has its file, but not the key, cannot tell it."""
    secret = blake2b(key.encode()).digest()
    return blake2b(f"{kind} {digest}".encode(), key=secret, digest_size=12).hexdigest()


def purge_key(token: str) -> str:
    """By which a CDN is told to forget the renditions of a picture."""
    return f"picture-{token}"


def folder(token: str) -> str:
    """Where the renditions of a picture lie."""
    return f"pictures/{token[:2]}/{token}"


def name(token: str, place: str, width: int, stamp: str, format: str) -> str:
    """Where a rendition lies."""
    return f"{folder(token)}/{place}-{width}-{stamp}.{format}"


def original(digest: str, format: str) -> str:
    """Where a picture lies as it is kept; nobody is served it."""
    return f"originals/{digest[:2]}/{digest}.{format}"


def parsed(path: str) -> dict[str, str] | None:
    """What the name of a rendition, below `pictures/`, says; None for any other path."""
    found = _NAME.fullmatch(path)
    return found.groupdict() if found and found["token"].startswith(found["head"]) else None


def tint(red: int, green: int, blue: int) -> int:
    """The number of the colour in TINTS that is nearest."""

    def far(colour: str) -> int:
        parts = bytes.fromhex(colour[1:])
        return sum((a - b) ** 2 for a, b in zip(parts, (red, green, blue), strict=True))

    return min(range(len(TINTS)), key=lambda number: far(TINTS[number]))
