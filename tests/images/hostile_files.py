"""Files that would harm a careless decoder, made here: bombs, cuts, polyglots, broken structures.

The classes are those of published faults of image libraries: sizes that lie, lengths that lie,
streams that never end, chunks that unpack to anything, structures that point at themselves.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image

from .drawn import drawn, saved

GOOD = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
OTHERS = (*("TIFF", "BMP", "ICO", "ICNS", "PPM", "TGA", "PCX", "SGI", "JPEG2000", "DDS", "PDF"),)
CUTS = (1, 3, 8, 20, 60, 0.1, 0.5, 0.9, 0.99)


def hostile() -> Iterator[tuple[str, bytes]]:
    """(what it is, the file)."""
    yield from _bombs()
    yield from _pngs()
    yield from _gifs()
    yield from _jpegs()
    yield from _webps()
    yield from _avifs()
    yield from _cut()
    yield from _polyglots()
    yield from _other_formats()


def mutations(count: int, seed: int = 7) -> Iterator[tuple[str, bytes]]:
    """Valid files in which a few bytes, or a stretch of them, are others."""
    chance = random.Random(seed)
    files = [drawn(format, (160, 120)) for format in GOOD]
    files += [drawn("PNG", (90, 90), "RGBA"), drawn("JPEG", (120, 90), progressive=True)]
    files += [drawn("WEBP", (90, 90), lossless=True), _animated("GIF"), _animated("WEBP")]
    for number in range(count):
        data = bytearray(chance.choice(files))
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            _spoil(data, chance)
        yield f"mutation {number}", bytes(data)


def _spoil(data: bytearray, chance: random.Random) -> None:
    if not data:
        return
    at = min(int(len(data) * chance.random() ** 2), len(data) - 1)
    way = chance.randrange(5)
    if way == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        data[at : at + 4] = chance.choice(
            (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0")
        )
    elif way == 2:
        data[at : at + chance.randrange(1, 40)] = chance.randbytes(chance.randrange(1, 40))
    elif way == 3:
        del data[at : at + chance.randrange(1, 60)]
    else:
        data[at:at] = data[at : at + chance.randrange(1, 60)]


def _bombs() -> Iterator[tuple[str, bytes]]:
    for format in ("PNG", "GIF"):
        yield f"{format} of 20,000 × 20,000", saved(Image.new("1", (20_000, 20_000)), format)
    yield "JPEG of 65,500 × 65,500 in its header", _jpeg_of(65_500, 65_500)
    yield "JPEG of 20,000 × 20,000 in its header", _jpeg_of(20_000, 20_000)
    yield "TIFF under a JPEG's name", saved(Image.new("1", (8_000, 8_000)), "TIFF")
    yield "PNG of 5,900 × 5,900, all of one colour", saved(Image.new("L", (5_900, 5_900)), "PNG")
    yield "WebP of 5,900 × 5,900", saved(Image.new("RGBA", (5_900, 5_900)), "WEBP", lossless=True)
    yield "a line of 36 million pixels", saved(Image.new("1", (36_000_000 // 64, 64)), "PNG")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def _png(
    *chunks: bytes, width: int = 100, height: int = 100, depth: int = 8, kind: int = 2
) -> bytes:
    head = struct.pack("!IIBBBBB", width, height, depth, kind, 0, 0, 0)
    rows = zlib.compress(bytes((width * 3 + 1) * height) if width * height < 10**6 else b"")
    body = (_chunk(b"IHDR", head), *chunks, _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def _pngs() -> Iterator[tuple[str, bytes]]:
    zeros = zlib.compress(bytes(300_000_000), 9)
    yield "PNG with a colour profile of 300 MB", _png(_chunk(b"iCCP", b"x\0\0" + zeros))
    yield "PNG with a text of 300 MB", _png(_chunk(b"zTXt", b"x\0\0" + zeros))
    yield "PNG with an international text of 300 MB", _png(_chunk(b"iTXt", b"x\0\1\0\0\0" + zeros))
    yield "PNG with rows of 300 MB", _png(_chunk(b"IDAT", zeros))
    yield "PNG with a million texts", _png(*[_chunk(b"tEXt", b"a\0b")] * 300_000)
    yield "PNG without a pixel", _png(width=0, height=0)
    yield "PNG of 2^31 - 1 a side", _png(width=2**31 - 1, height=2**31 - 1)
    yield "PNG of an unknown depth", _png(depth=33)
    yield "PNG of an unknown kind", _png(kind=200)
    yield "PNG whose first chunk is 4 GB long", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR"
    yield "PNG with a palette of nothing", _png(_chunk(b"PLTE", b""), kind=3)
    yield "PNG that animates four billion frames", _png(_chunk(b"acTL", b"\xff" * 8))
    yield (
        "PNG with a broken profile",
        _png(_chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\xff" * 999))),
    )
    exif = b"MM\0*\0\0\0\x08" + b"\0\x01\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"
    yield "PNG whose EXIF points at itself", _png(_chunk(b"eXIf", exif))


def _gifs() -> Iterator[tuple[str, bytes]]:
    good = drawn("GIF", (100, 100))
    screen = bytearray(good)
    screen[6:10] = b"\xff\xff\xff\xff"
    yield "GIF with a screen of 65,535 a side", bytes(screen)
    yield "GIF with a code of 200 bits", _after(good, b"\x2c", 10, b"\xc8")
    yield "GIF that begins without an image", good[:13] + b"\x3b"
    yield "GIF with a comment that never ends", good[:13] + b"\x21\xfe" + b"\xff" * 100_000
    yield "GIF with 100,000 empty blocks", good[:13] + b"\x21\xf9\x04\0\0\0\0\0" * 100_000
    yield "GIF of 3,000 frames", _animated("GIF", 3_000)


def _jpegs() -> Iterator[tuple[str, bytes]]:
    good = drawn("JPEG", (200, 200))
    yield "JPEG whose EXIF points at itself", _jpeg_with_exif(_looped())
    yield (
        "JPEG whose EXIF has 65,535 entries",
        _jpeg_with_exif(b"II*\0\x08\0\0\0\xff\xff" + bytes(60_000)),
    )
    yield "JPEG whose EXIF points 4 GB away", _jpeg_with_exif(b"MM\0*\xff\xff\xff\xf0")
    yield "JPEG without tables", good[:2] + good[good.index(b"\xff\xda") :]
    yield "JPEG of no pixels", _jpeg_of(0, 0)
    yield "JPEG of 200 colours", _after(good, b"\xff\xc0", 9, b"\xc8")
    yield "JPEG of 250 scans", _scans(250)
    yield "JPEG of 20,000 restart marks", good[:-2] + b"\xff\xd0" * 20_000 + b"\xff\xd9"
    yield "JPEG of 30 profiles in parts", good[:2] + _app2(30) + good[2:]
    yield "JPEG of many pictures that names itself", _jpeg_with(b"\xff\xe2", b"MPF\0" + _looped())
    yield (
        "JPEG whose Photoshop block lies",
        _jpeg_with(b"\xff\xed", b"Photoshop 3.0\0" + b"8BIM\xff" * 99),
    )
    yield "JPEG of marks alone", b"\xff\xd8" + b"\xff" * 1_000_000
    yield "JPEG of sixteen bits", _after(good, b"\xff\xc0", 4, b"\x10")


def _webps() -> Iterator[tuple[str, bytes]]:
    lossless = bytearray(drawn("WEBP", (100, 100), lossless=True))
    lossless[21:25] = b"\xff\xff\xff\xff"
    yield "WebP of 16,384 a side in its header", bytes(lossless)
    huge = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xff" * 6
    yield "WebP with a canvas of 16 million a side", _riff(huge)
    yield "WebP whose length lies", b"RIFF\xff\xff\xff\xffWEBP" + bytes(lossless)[12:]
    yield "WebP of 300 frames", _animated("WEBP", 300)
    yield "WebP of nothing", _riff(b"")
    data = bytearray(drawn("WEBP", (100, 100), lossless=True))
    data[26:90] = b"\xff" * 64
    yield "WebP whose codes are too long", bytes(data)
    yield "WebP with a profile of 4 GB", _riff(huge + b"ICCP\xff\xff\xff\xff")


def _avifs() -> Iterator[tuple[str, bytes]]:
    good = drawn("AVIF", (100, 100))
    yield "AVIF of 2^32 - 1 a side", _after(good, b"ispe", 8, b"\xff" * 8)
    yield "AVIF of 30,000 a side", _after(good, b"ispe", 8, struct.pack("!II", 30_000, 30_000))
    yield "AVIF whose boxes are 4 GB long", _after(good, b"meta", -4, b"\xff" * 4)
    yield "AVIF whose boxes are of no length", _after(good, b"iprp", -4, bytes(4))
    yield "AVIF whose data lie elsewhere", _after(good, b"iloc", 12, b"\xff" * 12)
    nested = b""
    for _ in range(2_000):
        nested = struct.pack("!I", len(nested) + 8) + b"moov" + nested
    yield "AVIF of nested boxes", good[: good.index(b"meta") - 4] + nested


def _cut() -> Iterator[tuple[str, bytes]]:
    for format in GOOD:
        data = drawn(format)
        for cut in CUTS:
            size = int(cut) if cut >= 1 else int(len(data) * cut)
            yield f"{format} cut after {size} bytes", data[:size]


def _polyglots() -> Iterator[tuple[str, bytes]]:
    script = b"<script>alert(document.domain)</script>"
    for format in GOOD:
        yield f"{format} and a page", drawn(format) + script
        yield f"{format} and an archive", drawn(format) + b"PK\x03\x04" + bytes(2_000)
    yield "JPEG with a page in its comment", drawn("JPEG", comment=script)
    yield "GIF that is a script", b"GIF89a/*" + drawn("GIF")[8:] + b"*/=1;alert(1)"
    yield "page", b"<!DOCTYPE html>" + script
    yield "SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield "page behind a JPEG's first bytes", b"\xff\xd8\xff" + script
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n"


def _other_formats() -> Iterator[tuple[str, bytes]]:
    for format in (
        "TIFF",
        "BMP",
        "ICO",
        "ICNS",
        "PPM",
        "TGA",
        "PCX",
        "SGI",
        "JPEG2000",
        "DDS",
        "PDF",
    ):
        yield f"{format} under a JPEG's name", drawn(format, (128, 128))
    yield "FLI under a GIF's name", bytes(4) + b"\x11\xaf" + bytes(200)
    yield "PSD under a PNG's name", b"8BPS\0\1" + b"\xff" * 200
    yield "nothing", b""


def _after(data: bytes, mark: bytes, offset: int, put: bytes) -> bytes:
    at = data.index(mark) + offset
    return data[:at] + put + data[at + len(put) :]


def _jpeg_of(width: int, height: int) -> bytes:
    return _after(drawn("JPEG", (64, 64)), b"\xff\xc0", 5, struct.pack("!HH", height, width))


def _jpeg_with(marker: bytes, data: bytes) -> bytes:
    good = drawn("JPEG", (200, 200))
    return good[:2] + marker + struct.pack("!H", len(data) + 2) + data + good[2:]


def _jpeg_with_exif(exif: bytes) -> bytes:
    return _jpeg_with(b"\xff\xe1", b"Exif\0\0" + exif)


def _looped() -> bytes:
    """A directory whose next one, and whose parts, are itself."""
    entry = struct.pack(">HHII", 0x8769, 4, 1, 8) + struct.pack(">HHII", 0x8825, 4, 1, 8)
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", 2) + entry + struct.pack(">I", 8)


def _app2(parts: int) -> bytes:
    found = b""
    for part in range(parts):
        data = b"ICC_PROFILE\0" + bytes((part % 256, 255)) + b"\xff" * 60_000
        found += b"\xff\xe2" + struct.pack("!H", len(data) + 2) + data
    return found


def _scans(count: int) -> bytes:
    good = drawn("JPEG", (3_000, 3_000), progressive=True)
    at = good.index(b"\xff\xda")
    end = good.index(b"\xff", at + 20)
    return good[:end] + good[at:end] * count + b"\xff\xd9"


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _animated(format: str, frames: int = 3) -> bytes:
    images: list[Any] = [Image.new("RGB", (80, 80), (n % 256, n // 256, 9)) for n in range(frames)]
    file = BytesIO()
    images[0].save(file, format, save_all=True, append_images=images[1:], duration=20)
    return file.getvalue()
