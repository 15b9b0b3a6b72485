"""What Pillow does to a picture: look before decoding, decode, set upright, turn to sRGB, resize.

Runs in the process that decodes (`developing`) only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import groupby
from typing import Any

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from . import recipe

Job = Mapping[str, Any]
Answer = tuple[dict[str, Any], list[bytes]]

PLUGINS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Imported before any fork."""
FORMATS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
SAVED_AS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by its EXIF orientation."""
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
WITH_ALPHA = ("RGBA", "LA", "La", "RGBa", "PA")

# Pixels are counted by `_check`, which says how many are too many.
Image.MAX_IMAGE_PIXELS = None


class Refused(ValueError):
    """Why something is not kept as a picture, as a sentence."""


def picture(job: Job, data: bytes) -> Answer:
    """The picture as it is kept, unless `is_kept`, and with a `focus` its renditions.

    `job`: `as` the kind ("picture", "logo"), `is` the format that the first bytes show, `pixels`
    and `least` the limits. The header answers `width`, `height` and `colour`, the average as red,
    green, blue.
    """
    kind = job["as"]
    whole = _upright(_opened(job, data), recipe.SIDES[kind])
    if kind == "picture":
        whole = _flat(whole)
    if min(whole.size) < job["least"]:
        raise Refused(f"It has {whole.width} × {whole.height} pixels once it is made smaller.")
    pieces = [] if job["is_kept"] else [_saved(whole, *recipe.ORIGINALS[kind])]
    if job["focus"]:
        wanted = recipe.renditions(kind, *whole.size, recipe.Focus(*job["focus"]))
        pieces += _made(whole, wanted)
    header = {"width": whole.width, "height": whole.height, "colour": _average(whole)}
    return header, pieces


def _made(whole: Image.Image, wanted: Iterable[recipe.Rendition]) -> Iterator[bytes]:
    """One size is saved in several formats, one after the other."""
    for (size, box), same in groupby(wanted, key=lambda one: (one.size, one.box)):
        image = _resized(whole, size, box)
        for one in same:
            yield _saved(image, one.format, one.quality)


def _opened(job: Job, data: bytes) -> Image.Image:
    if job["is"] == "webp":
        _check(job, *_webp_size(data))
    image = Image.open(BytesIO(data), formats=[FORMATS[job["is"]]])
    _check(job, *image.size)
    # JPEG decodes to a half, a quarter or an eighth at a fraction of the cost.
    side = recipe.SIDES[job["as"]]
    image.draft(None, (side, side))
    image.load()
    return image


def _check(job: Job, width: int, height: int) -> None:
    if width * height > job["pixels"]:
        most = job["pixels"] // 1_000_000
        raise Refused(f"It has {width} × {height} pixels; {most} million are the most.")
    if min(width, height) < job["least"]:
        raise Refused(f"It has {width} × {height} pixels; {job['least']} a side are the least.")


def _webp_size(data: bytes) -> tuple[int, int]:
    """As the header says: to open one, Pillow's decoder makes room for all of it."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise Refused("It cannot be decoded: it ends within its header.")
    if kind == b"VP8X":
        width, height = body[4:7], body[7:10]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sides = int.from_bytes(body[6:10], "little")
    return sides & 0x3FFF, sides >> 16 & 0x3FFF


def _upright(image: Image.Image, side: int) -> Image.Image:
    """In sRGB, as it is to be seen, at most `side` pixels a side."""
    turn, profile = _orientation(image), image.info.get("icc_profile")
    image = _in_a_common_mode(image)
    # Made small first: colours are costly, and files of any size pass here.
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = _in_srgb(image, profile)
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> Any:
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:
        # What a camera noted may be broken in any way; the picture is still one.
        return None


def _in_a_common_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits of grey.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode in ("1", "F") else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in WITH_ALPHA:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        plain = _converted(image.convert("RGB"), profile)
        plain.putalpha(alpha)
        return plain
    return _converted(image, profile)


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB by the profile, where there is one that can be read."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            found = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            found = None
        if found is not None:
            return found
    return image.convert("RGB")


def _flat(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    under = Image.new("RGB", image.size, "white")
    under.paste(image, mask=image.getchannel("A"))
    return under


def _average(image: Image.Image) -> list[int]:
    found: Any = _flat(image).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return list(found)


def _resized(
    image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float] | None
) -> Image.Image:
    if box is not None:
        return image.resize(size, Image.Resampling.LANCZOS, box, reducing_gap=2.0)
    inner = ImageOps.contain(image.convert("RGBA"), size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", size, (255, 255, 255, 0))
    square.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return square


def _saved(image: Image.Image, format: str, quality: int) -> bytes:
    """Without a word of what the file said beside its pixels."""
    options: dict[str, Any] = {"quality": quality}
    if format == "jpg":
        options |= {"progressive": True, "optimize": True}
    elif format == "avif":
        options |= {"speed": 8, "max_threads": 1}
    elif format == "webp":
        options |= {"method": 4, "lossless": quality == 100}
    file = BytesIO()
    clean = image.copy() if image.info else image
    clean.info = {}
    clean.save(file, SAVED_AS[format], **options)
    return file.getvalue()
