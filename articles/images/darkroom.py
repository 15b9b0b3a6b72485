"""Where pictures are decoded: a process beside this one, one for each that needs it."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from select import select
from threading import Lock
from typing import Any

from .recipe import Focus, Rendition, renditions
from .wire import FAILED, Header, receive, send

MOST_BYTES = 10_000_000
MOST_PIXELS = 36_000_000
LEAST_SIDE = {"picture": 64, "logo": 8}
"""Pixels: what is smaller counts readers, or draws lines, and shows nothing."""
SECONDS = 10
MEMORY = 480_000_000
"""Bytes of addresses that decoding one picture may take, Python and Pillow among them."""
PATIENCE = 5
"""Seconds beyond SECONDS after which the process itself is given up."""

_START = "import sys; sys.path.insert(0, sys.argv[1]); from articles.images.developing import serve"
_ROOT = Path(__file__).resolve().parents[2]


class Refused(ValueError):
    """Why something is not kept as a picture, as a sentence."""


@dataclass(frozen=True, slots=True)
class Developed:
    """`width` and `height` in pixels, `colour` the average; `original` is the picture as it is to
    be kept, empty where it was kept already; `made` the renditions and their bytes."""

    width: int
    height: int
    colour: tuple[int, int, int]
    original: bytes
    made: list[tuple[Rendition, bytes]]


def format_of(data: bytes) -> str:
    """The format that the first bytes show; raises Refused for any but the allowed ones."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "avif"
    raise Refused("It is no JPEG, PNG, WebP, GIF or AVIF picture.")


def develop(
    data: bytes, kind: str, focus: Focus | None = None, *, is_kept: bool = False
) -> Developed:
    """Decode a picture ("picture", "logo") and encode it anew; raises Refused.

    With a focal point its renditions are made at once. `is_kept`: the data are those of a picture
    that was kept before.
    """
    if len(data) > MOST_BYTES and not is_kept:
        raise Refused(f"It has {len(data) / 1e6:.1f} MB; {MOST_BYTES // 10**6} are the most.")
    job = {
        "kind": "picture",
        "as": kind,
        "is": format_of(data),
        "pixels": MOST_PIXELS,
        "least": 1 if is_kept else LEAST_SIDE[kind],
        "focus": focus,
        "is_kept": is_kept,
    }
    header, pieces = _darkroom.do(job, data)
    try:
        return _developed(kind, focus, header, pieces, is_kept=is_kept)
    except (KeyError, TypeError, ValueError):
        raise Refused(FAILED) from None


def draw(card: Mapping[str, Any]) -> bytes:
    """A card (`cards.Card`) as PNG; raises Refused."""
    _, pieces = _darkroom.do({"kind": "card", **card}, b"")
    if len(pieces) != 1 or format_of(pieces[0]) != "png":
        raise Refused(FAILED)
    return pieces[0]


def _developed(
    kind: str, focus: Focus | None, header: Header, pieces: list[bytes], *, is_kept: bool
) -> Developed:
    """What the process said, as far as it makes sense: it decoded what nobody trusts."""
    width, height = int(header["width"]), int(header["height"])
    red, green, blue = map(int, header["colour"])
    original = b"" if is_kept else pieces[0]
    made = pieces if is_kept else pieces[1:]
    wanted = renditions(kind, width, height, focus) if focus else []
    formats = [one.format for one in wanted]
    if any(map(_is_not, made, formats)) or not (is_kept or format_of(original)):
        raise ValueError
    colour = (red, green, blue)
    return Developed(width, height, colour, original, list(zip(wanted, made, strict=True)))


def _is_not(data: bytes, format: str) -> bool:
    return format_of(data) != {"jpg": "jpeg"}.get(format, format)


class _Darkroom:
    """The process, started when the first job comes and again whenever it has died."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self.peak = 0

    def do(self, job: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a job, one at a time; raises Refused."""
        limits = {"seconds": SECONDS, "memory": MEMORY}
        with self._lock:
            try:
                header, pieces = self._ask({**limits, **job}, data)
            except (EOFError, OSError, ValueError, KeyError):
                self._end()
                raise Refused(FAILED) from None
        self.peak = int(header.get("peak", 0))
        if "refused" in header:
            raise Refused(str(header["refused"]))
        return header, pieces

    def _ask(self, job: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        process = self._started()
        assert process.stdin
        assert process.stdout
        send(process.stdin, job, [data])
        if not select([process.stdout], [], [], SECONDS + PATIENCE)[0]:
            raise EOFError
        return receive(process.stdout)

    def _started(self) -> subprocess.Popen[bytes]:
        # A server forks its workers: each needs a process of its own.
        if self._process and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-W", "ignore", "-c", f"{_START}; serve()", str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={},
        )
        return self._process

    def _end(self) -> None:
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()


_darkroom = _Darkroom()
close = _darkroom.close
atexit.register(close)


def process() -> int | None:
    """The id of this process's process that decodes; None while there is none."""
    return _darkroom.pid


def last_peak() -> int:
    """The most memory, in bytes, that the last job's fork held."""
    return _darkroom.peak
