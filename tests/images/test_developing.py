"""What comes out of the process that decodes: upright, in sRGB, without a word about its maker."""

from __future__ import annotations

import os
import signal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from articles.images import darkroom
from articles.images.darkroom import Refused, develop
from articles.images.recipe import LOGOS, SIDE, Focus, widths

from .drawn import drawn, opened, saved


def colour_at(data: bytes, x: float, y: float) -> tuple[int, int, int]:
    image = opened(data).convert("RGB")
    found: Any = image.getpixel((int(x * image.width), int(y * image.height)))
    return found


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 120 and colour[2] < 100


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_allowed_format_becomes_a_picture(format: str):
    found = develop(drawn(format), "picture", Focus())
    assert (found.width, found.height) == (640, 360)
    assert opened(found.original).format == "JPEG"
    assert {opened(data).format for _, data in found.made} == {"AVIF", "WEBP", "JPEG"}


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PPM", "PDF", "JPEG2000"])
def test_no_other_format_is_looked_at(format: str):
    with pytest.raises(Refused, match="no JPEG, PNG, WebP, GIF or AVIF"):
        develop(drawn(format, (128, 128)), "picture")


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!DOCTYPE html><p>", b"GIF8"]
)
def test_markup_is_no_picture(data: bytes):
    with pytest.raises(Refused):
        develop(data, "picture")


@pytest.mark.parametrize("turn", range(2, 9))
def test_a_picture_is_set_upright(turn: int):
    exif = Image.Exif()
    exif[0x0112] = turn
    upright = opened(drawn("PNG"))
    lain = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[turn]
    found = develop(saved(upright.transpose(lain), "JPEG", exif=exif), "picture")
    assert (found.width, found.height) == (640, 360)
    assert is_red(colour_at(found.original, 0.25, 0.6))
    assert max(colour_at(found.original, 0.75, 0.03)) < 60


def test_what_a_camera_noted_is_dropped():
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825)[1] = "N"
    data = drawn("JPEG", exif=exif, comment=b"a comment", dpi=(300, 300))
    assert b"Maker of cameras" in data
    found = develop(data, "picture", Focus())
    for made in (found.original, *(data for _, data in found.made)):
        assert not opened(made).getexif()
        assert b"Maker" not in made
        assert b"a comment" not in made


def test_colours_are_turned_to_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    wide = Image.new("RGB", (128, 128), (200, 60, 60))
    # Red and green change places: no profile but one that is used can show it.
    swapped = ImageCms.ImageCmsProfile(BytesIO(_profile_with_channels_swapped()))
    found = develop(saved(wide, "PNG", icc_profile=swapped.tobytes()), "picture")
    red, green, _ = colour_at(found.original, 0.5, 0.5)
    assert green > red
    broken = develop(saved(wide, "PNG", icc_profile=profile.tobytes()[:99]), "picture")
    assert is_red(colour_at(broken.original, 0.5, 0.5))
    assert "icc_profile" not in opened(found.original).info


def _profile_with_channels_swapped() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_a_picture(mode: str):
    format = "JPEG" if mode == "CMYK" else "PNG"
    found = develop(saved(Image.new(mode, (100, 80)), format), "picture", Focus())
    assert opened(found.original).mode == "RGB"


def test_a_picture_is_kept_no_larger_than_needed():
    found = develop(drawn("JPEG", (5000, 3000)), "picture", Focus())
    assert (found.width, found.height) == (SIDE, 1200)
    assert {one.size[0] for one, _ in found.made} == {320, 640, 960, 1600, 1200}
    for one, data in found.made:
        assert opened(data).size == one.size


def test_a_small_picture_is_not_blown_up():
    assert widths(500, 500) == [320]
    assert widths(200, 900) == [200]
    found = develop(drawn("PNG", (200, 150)), "picture", Focus())
    assert {one.size[0] for one, _ in found.made if one.place == "wide"} == {200}


def test_what_matters_stays_within_the_frame():
    data = drawn("PNG", (2000, 500))
    for x, expected in ((0, True), (100, False)):
        found = develop(data, "picture", Focus(x, 50))
        wide = next(data for one, data in found.made if one.size[0] == 640)
        assert is_red(colour_at(wide, 0.2, 0.5)) is expected
        assert is_red(colour_at(wide, 0.8, 0.5)) is expected


def test_a_logo_keeps_its_transparent_parts_and_its_pixels():
    image = Image.new("RGBA", (120, 60), (0, 0, 0, 0))
    image.putpixel((5, 5), (10, 200, 30, 255))
    found = develop(saved(image, "PNG"), "logo", Focus())
    assert opened(found.original).convert("RGBA").getpixel((5, 5)) == (10, 200, 30, 255)
    for one, data in found.made:
        assert opened(data).size == one.size
        assert one.size[0] in LOGOS
        corner: Any = opened(data).convert("RGBA").getpixel((0, 0))
        assert corner[3] < 10


def test_pixels_are_counted_before_any_is_decoded():
    for format in ("PNG", "GIF"):
        data = saved(Image.new("1", (20_000, 20_000)), format)
        with pytest.raises(Refused, match="20000 × 20000 pixels; 36 million are the most"):
            develop(data, "picture")


def test_a_webp_is_counted_by_its_header():
    bomb = bytearray(drawn("WEBP", (128, 128), mode="RGBA", lossless=True))
    assert bomb[12:16] == b"VP8L"
    bomb[21:25] = (0x3FFE | 0x3FFE << 14).to_bytes(4, "little")
    with pytest.raises(Refused, match="16383 × 16383 pixels"):
        develop(bytes(bomb), "picture")


def test_what_counts_readers_is_no_picture():
    with pytest.raises(Refused, match="1 × 1 pixels; 64 a side are the least"):
        develop(drawn("GIF", (1, 1)), "picture")


def test_too_many_bytes_are_not_looked_at():
    with pytest.raises(Refused, match=r"10\.0 MB; 10 are the most"):
        develop(drawn("JPEG") + bytes(10_000_000), "picture")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_what_is_cut_short_is_refused_with_a_sentence(format: str):
    data = drawn(format)
    with pytest.raises(Refused, match=r"^It .*\.$"):
        develop(data[: len(data) // 2], "picture")


def test_what_hides_behind_a_picture_is_gone():
    found = develop(drawn("JPEG") + b"<script>alert(1)</script>PK\x03\x04", "picture", Focus())
    for data in (found.original, *(data for _, data in found.made)):
        assert b"script" not in data
        assert b"PK\x03\x04" not in data


def test_a_decoder_that_takes_too_much_memory_or_time_is_ended(monkeypatch: pytest.MonkeyPatch):
    big = drawn("PNG", (5000, 4000))
    monkeypatch.setattr(darkroom, "MEMORY", 150_000_000)
    with pytest.raises(Refused):
        develop(big, "picture")
    # Room enough, or which of the two ends it first would be chance.
    monkeypatch.setattr(darkroom, "MEMORY", 8_000_000_000)
    # No machine is as fast as that.
    monkeypatch.setattr(darkroom, "SECONDS", 0.01)
    with pytest.raises(Refused, match=r"longer than 0\.01 seconds"):
        develop(big, "picture", Focus())
    monkeypatch.setattr(darkroom, "SECONDS", 10)
    assert develop(drawn(), "picture").width == 640


def test_a_process_that_died_is_started_again():
    develop(drawn(), "picture")
    before = darkroom.process()
    assert before
    os.kill(before, signal.SIGKILL)
    os.waitpid(before, 0)
    assert develop(drawn(), "picture").width == 640
    assert darkroom.process() != before
