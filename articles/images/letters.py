"""Which font has which letters, and what is written in them.

Runs in the process that decodes (`developing`) only: what is written comes from files, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import bidirectional, category, normalize

from PIL import ImageDraw, ImageFont

FONT = Path(__file__).with_name("fonts") / "DejaVuSans-Bold.ttf"
KEPT = " \u200c\u200d"
"""Signs that are never seen and matter: they part words, and keep letters apart or join them."""
NO_SIGN = "\U0010fffd"
"""A font draws it as it draws every sign that it lacks."""
ELLIPSIS = "…"
CLOSING = ("Pe", "Pf", "Po")
"""Categories of signs that no line begins with."""


class Run(NamedTuple):
    """A part of a line that one font has the letters of."""

    font: str
    text: str


class At(NamedTuple):
    """Where a line stands: `anchor` is what of it is at x and y, "l", "m" or "r" and then "a" (its
    top) or "m"; `is_mirrored`: it is a line of what is written from the right."""

    x: float
    y: float
    anchor: str
    is_mirrored: bool = False


_LEFT_OF = {"l": 0, "m": 0.5, "r": 1}


class Letters:
    """The site's own font, and others for what it lacks, in their order."""

    def __init__(self, others: Sequence[str] = ()) -> None:
        self._fonts = (str(FONT), *others)

    def known(self, text: str) -> str:
        """The text when one of the fonts has each of its letters, else nothing; other signs that
        all of them lack are left out."""
        whole = normalize("NFC", text)
        if not all(self._first(sign) for sign in whole if category(sign)[0] == "L"):
            return ""
        return "".join(sign for sign in whole if sign in KEPT or self._first(sign))

    def runs(self, text: str) -> list[Run]:
        """The parts of a text by font: what is no letter, and what belongs to the letter before
        it, stays in that one's."""
        found: list[Run] = []
        for sign in text:
            now = found[-1].font if found else ""
            stays = now and (sign in KEPT or (category(sign)[0] != "L" and _has(now, sign)))
            font = now if stays else self._first(sign) or now or self._fonts[0]
            if font == now:
                found[-1] = Run(now, found[-1].text + sign)
            else:
                found.append(Run(font, sign))
        return found

    def long(self, text: str, size: int) -> float:
        """How wide a text is, pixels."""
        return sum(_font(run.font, size).getlength(run.text) for run in self.runs(text))

    def write(self, pen: ImageDraw.ImageDraw, text: str, at: At, size: int, ink: str) -> None:
        """Write one line."""
        ascent, descent = _font(self._fonts[0], size).getmetrics()
        line = at.y + (ascent if at.anchor[1] == "a" else (ascent - descent) / 2)
        left = at.x - self.long(text, size) * _LEFT_OF[at.anchor[0]]
        direction = "rtl" if at.is_mirrored else "ltr"
        runs = self.runs(text)
        for run in reversed(runs) if at.is_mirrored else runs:
            font = _font(run.font, size)
            pen.text((left, line), run.text, ink, font, anchor="ls", direction=direction)
            left += font.getlength(run.text)

    def shortened(self, text: str, size: int, most: float) -> str:
        """The text, with an ellipsis in place of what goes beyond that width."""
        if self.long(text, size) <= most:
            return text
        text = text.rstrip(ELLIPSIS)
        while text and self.long(text + ELLIPSIS, size) > most:
            text = text[:-1]
        return text.rstrip() + ELLIPSIS

    def pieces(self, word: str, size: int, most: float) -> list[str]:
        """A word, in parts where it is wider than that."""
        if self.long(word, size) <= most:
            return [word]
        pieces = [""]
        for letter in word:
            if self.long(pieces[-1] + letter, size) > most and not _belongs_before(letter):
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def _first(self, sign: str) -> str:
        """The first font that has it, or empty."""
        return next((font for font in self._fonts if _has(font, sign)), "")


def is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction."""
    kinds = (bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def _belongs_before(letter: str) -> bool:
    return category(letter)[0] == "M" or category(letter) in CLOSING or letter in KEPT


@lru_cache(maxsize=16)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=4096)
def _has(path: str, sign: str) -> bool:
    if category(sign)[0] == "C":
        return False
    mask, blank = (_font(path, 40).getmask(one, anchor="ls") for one in (sign, NO_SIGN))
    return bytes(mask) != bytes(blank)
