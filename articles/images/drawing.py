"""Draws the card that other sites show for a story without a picture: its headline, who published
it, and the site's name.

Runs in the process that decodes (`developing`) only: what it draws comes from files, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from PIL import Image, ImageDraw

from .letters import ELLIPSIS, At, Letters, is_right_to_left
from .pixels import Answer, Job
from .recipe import SOCIAL

PAPER, INK, SOFT, ACCENT = "#faf7f0", "#1c1a17", "#5e574d", "#b3311c"
MARGIN, BAND = 72, 92
SIZES = (72, 64, 56, 48, 42, 36)
"""Of the headline's letters, pixels: the largest that lets it stand in LINES."""
LINES = {72: 4, 64: 4, 56: 5, 48: 6, 42: 6, 36: 7}
HEIGHT = 1.22
"""Of a line, in sizes of its letters."""
MOST = 300
"""Characters of a headline that are looked at."""


def card(job: Job) -> Answer:
    """A PNG; `job`: `headline`, `provider`, `site`, the provider's `mark` and its `colour`, and
    `fonts`, the paths of those that have what the site's own lacks."""
    letters = Letters(job["fonts"])
    said = {name: letters.known(job[name]) for name in ("headline", "provider", "site", "mark")}
    # A headline in letters that no font has would be a row of boxes.
    headline = said["headline"] or said["provider"] or said["site"]
    image = Image.new("RGB", SOCIAL, PAPER)
    pen = ImageDraw.Draw(image)
    width, height = SOCIAL
    pen.rectangle((0, 0, width, 14), fill=ACCENT)
    pen.line((MARGIN, height - BAND, width - MARGIN, height - BAND), fill="#d9d1c2", width=2)
    is_mirrored = is_right_to_left(headline)
    _provider(pen, letters, said, job["colour"], is_mirrored=is_mirrored)
    _headline(pen, letters, headline, is_mirrored=is_mirrored)
    _site(pen, letters, said["site"], is_mirrored=is_mirrored)
    file = BytesIO()
    # Others look for the best 64 colours of a photograph, for most of the time that a card takes.
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return {}, [file.getvalue()]


def _provider(
    pen: ImageDraw.ImageDraw,
    letters: Letters,
    said: Mapping[str, str],
    colour: str,
    *,
    is_mirrored: bool,
) -> None:
    side, middle = 64, 58 + 64 / 2
    left = SOCIAL[0] - MARGIN - side if is_mirrored else MARGIN
    pen.rounded_rectangle((left, 58, left + side, 58 + side), 9, fill=colour)
    letters.write(pen, said["mark"], At(left + side / 2, middle, "mm"), 28, "white")
    name = letters.shortened(said["provider"], 30, _WIDTH - side - 24)
    _name(pen, letters, name, (left - 24, left + side + 24), middle, SOFT, is_mirrored=is_mirrored)


def _headline(pen: ImageDraw.ImageDraw, letters: Letters, text: str, *, is_mirrored: bool) -> None:
    size, lines = fitted(text, letters)
    step = size * HEIGHT
    room = (150, SOCIAL[1] - BAND)
    top = room[0] + (room[1] - room[0] - step * len(lines)) / 2
    left, anchor = (SOCIAL[0] - MARGIN, "ra") if is_mirrored else (MARGIN, "la")
    for number, line in enumerate(lines):
        place = At(left, top + number * step, anchor, is_mirrored)
        letters.write(pen, line, place, size, INK)


def _site(pen: ImageDraw.ImageDraw, letters: Letters, name: str, *, is_mirrored: bool) -> None:
    shown = letters.shortened(name, 30, _WIDTH - 40)
    middle = SOCIAL[1] - BAND / 2
    left = SOCIAL[0] - MARGIN - 22 if is_mirrored else MARGIN
    pen.rounded_rectangle((left, middle - 11, left + 22, middle + 11), 4, fill=ACCENT)
    _name(pen, letters, shown, (left - 18, left + 40), middle, INK, is_mirrored=is_mirrored)


def _name(
    pen: ImageDraw.ImageDraw,
    letters: Letters,
    name: str,
    sides: tuple[float, float],
    middle: float,
    ink: str,
    *,
    is_mirrored: bool,
) -> None:
    """A name beside its mark, which stands between these sides; it has a direction of its own."""
    x, anchor = (sides[0], "rm") if is_mirrored else (sides[1], "lm")
    letters.write(pen, name, At(x, middle, anchor, is_right_to_left(name)), 30, ink)


def fitted(text: str, letters: Letters) -> tuple[int, list[str]]:
    """The largest size in which a headline fits, and its lines; the last is cut where none does."""
    words = f"{text[:MOST]}{ELLIPSIS if len(text) > MOST else ''}".split()
    for size in SIZES:
        lines = _lines(words, size, letters)
        if len(lines) <= LINES[size]:
            return size, lines
    kept = lines[: LINES[size]]
    kept[-1] = letters.shortened(kept[-1] + ELLIPSIS, size, _WIDTH)
    return size, kept


_WIDTH = SOCIAL[0] - 2 * MARGIN


def _lines(words: list[str], size: int, letters: Letters) -> list[str]:
    lines: list[str] = []
    for word in words:
        for piece in letters.pieces(word, size, _WIDTH):
            joined = f"{lines[-1]} {piece}" if lines else piece
            if lines and letters.long(joined, size) <= _WIDTH:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines
