"""The outermost shape of a file: bytes to opening fence, block, closing fence and body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from .errors import Problem, Refused
from .record import Limits
from .schema import Schema

BOM = b"\xef\xbb\xbf"
CONTROLS = bytes(sorted({*range(0x20)} - {0x09, 0x0A, 0x0D}))
CONTROL = re.compile(b"[" + re.escape(CONTROLS) + b"]")
BARE_RETURN = re.compile(rb"\r(?!\n)")
OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Parts:
    """A file in pieces, every piece exactly as it stands, line ends included.

    `opening + block + closing + body`, in UTF-8 after a byte order mark if `bom`, is the file.
    `first_line` is the line of the file on which `block` begins, counted from 1.
    """

    opening: str
    block: str
    closing: str
    body: str
    first_line: int
    bom: bool


def split(data: bytes, schema: Schema, limits: Limits) -> Parts:
    """Cut a file at its fences; raises `Refused` when bytes or fences break the contract."""
    if len(data) > limits.file_bytes:
        _refuse(1, f"the file has {len(data):,} bytes; at most {limits.file_bytes:,} are allowed")
    bom = data.startswith(BOM)
    text = _decode(data[len(BOM) :] if bom else data)
    opening = OPENING.match(text)
    if opening is None:
        return _unfenced(text, schema, bom)
    start = opening.end()
    closing = _closing(text, start)
    if closing is None:
        if schema.fences:
            _refuse(1, "the front matter is never closed; end it with a line of three hyphens: ---")
        return Parts(text[:start], text[start:], "", "", 2, bom)
    begin, end = closing
    return Parts(text[:start], text[start:begin], text[begin:end], text[end:], 2, bom)


def _decode(data: bytes) -> str:
    if len(data.translate(None, CONTROLS)) != len(data):
        _refuse_control(data)
    if b"\r" in data:
        bare = BARE_RETURN.search(data)
        if bare is not None:
            _refuse(
                _line(data, bare.start()),
                "a carriage return without a line feed; end lines with a line feed",
            )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = data[error.start]
        _refuse(
            _line(data, error.start), f"byte 0x{wrong:02X} is not UTF-8; save the file as UTF-8"
        )


def _refuse_control(data: bytes) -> NoReturn:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse(1, "the file is UTF-16; save it as UTF-8")
    found = CONTROL.search(data)
    at = found.start() if found else 0
    _refuse(_line(data, at), f"the control character U+{data[at]:04X} is not allowed; remove it")


def _closing(text: str, start: int) -> tuple[int, int] | None:
    at = start
    while True:
        found = CLOSING.match(text, at)
        if found is not None:
            return found.span()
        hyphens = text.find("\n---", at)
        dots = text.find("\n...", at, hyphens + 4 if hyphens >= 0 else len(text))
        if hyphens < 0 and dots < 0:
            return None
        at = (dots if dots >= 0 else hyphens) + 1


def _unfenced(text: str, schema: Schema, bom: bool) -> Parts:
    if schema.fences:
        _refuse(1, _opening_advice(text))
    return Parts("", text, "", "", 1, bom)


def _opening_advice(text: str) -> str:
    first = text.split("\n", 1)[0].strip()
    if not text.strip():
        return "the file is empty; it needs front matter between two lines of three hyphens: ---"
    if not first and text.lstrip("\r\n\t ").startswith("---"):
        return "empty lines stand before the front matter; line 1 must be three hyphens: ---"
    if first == "+++":
        return "TOML is not understood; write YAML between two lines of three hyphens: ---"
    if first.startswith(("{", ";;;")):
        return "JSON is not understood; write YAML between two lines of three hyphens: ---"
    if first.startswith("---"):
        return (
            f'"{first[:40]}" does not open front matter; line 1 must be exactly three hyphens: ---'
        )
    return "there is no front matter; line 1 must be three hyphens: ---"


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _refuse(line: int, message: str) -> NoReturn:
    raise Refused(Problem(line, "", message))
