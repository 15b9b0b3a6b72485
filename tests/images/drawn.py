"""Pictures that tests draw: small, but of every kind that is met."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def drawn(
    format: str = "JPEG", size: tuple[int, int] = (640, 360), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with something to see in it: its left is red, its right blue, its top darker."""
    image = Image.new(mode, size, "navy" if mode in ("RGB", "RGBA") else 1)
    if mode in ("RGB", "RGBA"):
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, size[0] // 2, size[1]), fill="firebrick")
        pen.rectangle((0, 0, size[0], size[1] // 8), fill="black")
    return saved(image, format, **options)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))
