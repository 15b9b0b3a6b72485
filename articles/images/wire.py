"""How the site and the process that decodes talk: a JSON header and bytes, over pipes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import IO, Any

Header = dict[str, Any]
FAILED = "It made the decoder fail: it is damaged, or made to do harm."
HEAD = struct.Struct("!IQ")
"""The sizes of a header and of the bytes behind it."""


def receive(source: IO[bytes]) -> tuple[Header, list[bytes]]:
    """A header and the pieces of bytes behind it; raises EOFError where either is cut short."""
    header_size, data_size = HEAD.unpack(_exactly(source, HEAD.size))
    header: Header = json.loads(_exactly(source, header_size))
    return header, _parted(_exactly(source, data_size), header.pop("sizes"))


def send(target: IO[bytes], header: Mapping[str, Any], pieces: Sequence[bytes] = ()) -> None:
    """Write a header and pieces of bytes as `receive` reads them."""
    said = json.dumps({**header, "sizes": [len(piece) for piece in pieces]}).encode()
    target.write(HEAD.pack(len(said), sum(map(len, pieces))))
    target.write(said)
    for piece in pieces:
        target.write(piece)
    target.flush()


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise EOFError
    return data


def _parted(data: bytes, sizes: Sequence[int]) -> list[bytes]:
    found, start = [], 0
    for size in sizes:
        found.append(data[start : start + size])
        start += size
    return found
