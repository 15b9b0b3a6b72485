"""Unpacks a zip that a stranger may have made: no path leads outside, no size is believed."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..writing import NO_ROOM
from .limits import Limits, UploadRefused, megabytes

END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
END_SIZE, LONGEST_COMMENT = 22, 65_535
ENTRY_BYTES = 300
"""A generous size of one entry of a zip's directory, by name and extra fields."""

AT_ONCE = 65_536
DEEPEST = 12
LONGEST_NAME = 200
ENCRYPTED = 0x1
LEFT = ("__MACOSX", ".DS_Store", "Thumbs.db")
"""What systems put into a zip of their own accord."""


def unpack(file: IO[bytes], folder: Path, limits: Limits) -> int:
    """Write the files of a zip below `folder`; how many. Raises UploadRefused.

    Bytes are counted as they come out, whatever the zip says of itself.
    """
    _check_directory(file, limits)
    try:
        with ZipFile(file) as packed:
            entries = list(_checked(packed.infolist(), limits))
            count = 0
            for entry in entries:
                with packed.open(entry) as source:
                    count = _write(source, folder / entry.filename, count, limits)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            # Nothing is wrong with the zip.
            raise
        raise UploadRefused([f"the zip cannot be unpacked: {error}"]) from error
    return len(entries)


def _check_directory(file: IO[bytes], limits: Limits) -> None:
    """A zip's directory is read whole, before any entry can be counted: bound it by its size."""
    size = file.seek(0, 2)
    file.seek(max(size - END_SIZE - LONGEST_COMMENT, 0))
    tail = file.read()
    file.seek(0)
    is_plain = tail[-END_SIZE:].startswith(END) and tail.endswith(b"\0\0")
    at = len(tail) - END_SIZE if is_plain else tail.rfind(END)
    if at < 0:
        raise UploadRefused(["this is no zip file"])
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory > limits.files * ENTRY_BYTES or END_64 in tail[max(at - 20, 0) : at]:
        raise UploadRefused([_too_many(limits)])


def _checked(entries: list[ZipInfo], limits: Limits) -> Iterator[ZipInfo]:
    if len(entries) > limits.files:
        raise UploadRefused([_too_many(limits)])
    seen: set[str] = set()
    kept, problems = [], []
    for entry in entries:
        if why := _wrong(entry, seen):
            problems.append(f"{entry.filename!a}: {why}")
        elif not entry.is_dir() and not set(PurePosixPath(entry.filename).parts) & set(LEFT):
            kept.append(entry)
        seen.add(entry.filename)
    if problems:
        raise UploadRefused(problems)
    yield from kept


def _wrong(entry: ZipInfo, seen: set[str]) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link, which may lead anywhere; put the file itself in its place"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "no regular file"
    if entry.flag_bits & ENCRYPTED:
        return "encrypted"
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "packed in a way that is not taken; use deflate"
    if entry.filename in seen:
        return "twice in the zip"
    return wrong_path(entry.filename)


def wrong_path(path: str) -> str:
    """What is wrong with a file's path, or empty: it has to stay below its folder."""
    parts = PurePosixPath(path).parts
    if path.startswith("/") or path[1:2] == ":":
        return "an absolute path"
    if ".." in parts:
        return "a path that leads outside"
    if "\\" in path or not path.isprintable():
        return "a name with backslashes or control characters"
    if len(parts) > DEEPEST or any(len(part.encode()) > LONGEST_NAME + 50 for part in parts):
        return f"deeper than {DEEPEST} folders, or a name longer than {LONGEST_NAME} characters"
    return "" if parts else "no name"


def _write(source: IO[bytes], target: Path, count: int, limits: Limits) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb") as file:
        while data := source.read(AT_ONCE):
            count += len(data)
            if count > limits.unpacked:
                raise UploadRefused([f"it unpacks to more than {megabytes(limits.unpacked)}"])
            file.write(data)
    return count


def _too_many(limits: Limits) -> str:
    return f"it holds more than {limits.files:,} files; bring it in parts"
