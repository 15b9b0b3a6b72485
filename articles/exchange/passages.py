"""Files as they are stored: what many files repeat is kept once.

Nearly all bytes of big article files are entries of `related`, and an entry's text is the same in
every file of its story: the 21,973 entries of one real site are 994 texts. A stored file is its own
bytes around the numbers of such passages, compressed; passages are never changed or deleted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from struct import calcsize, pack_into, unpack_from
from typing import NamedTuple

from ..models import Passage
from ..models.bulk import insert_rows

MARK = b"\n  - title: "
"""Where the canonical form begins an entry. A file that spells it otherwise is stored whole."""

FEW = 4
"""Entries below this are not shared by enough files to be worth a row each."""

LEVEL = 3
COUNT = "<II"


class Cut(NamedTuple):
    """A file in pieces: `head`, then each entry after a MARK, then `tail`, are its bytes."""

    head: bytes
    entries: list[bytes]
    tail: bytes


def cut(data: bytes) -> Cut:
    """Take the entries out of a file; whatever it holds, the pieces put together are the file."""
    head, *entries = data.split(MARK)
    if len(entries) < FEW:
        return Cut(data, [], b"")
    last, gap, rest = entries[-1].partition(b"\n\n")
    return Cut(head, [*entries[:-1], last], gap + rest)


def joined(pieces: Cut) -> bytes:
    """The file that was cut."""
    return MARK.join([pieces.head, *pieces.entries]) + pieces.tail


def packed_files(files: Sequence[bytes]) -> list[bytes]:
    """Each file as a column holds it; passages that are new are stored, in bulk."""
    cuts = [cut(data) for data in files]
    numbers = _numbers({entry for pieces in cuts for entry in pieces.entries})
    return [_framed(pieces, [numbers[entry] for entry in pieces.entries]) for pieces in cuts]


def restored(columns: Iterable[bytes | memoryview | None]) -> list[bytes | None]:
    """The files that `packed_files` made these columns of; one query for all their passages."""
    frames = [None if column is None else zlib.decompress(column) for column in columns]
    ids = [_ids(frame) if frame is not None else () for frame in frames]
    wanted = {number for numbers in ids for number in numbers}
    rows = Passage.objects.filter(pk__among=list(wanted)).values_list("pk", "data")
    texts = {pk: zlib.decompress(data) for pk, data in rows}
    return [
        None if frame is None else _unframed(frame, [texts[number] for number in numbers])
        for frame, numbers in zip(frames, ids, strict=True)
    ]


def _framed(pieces: Cut, numbers: list[int]) -> bytes:
    """Counts of entries and of the head's bytes, the entries' numbers, head and tail."""
    frame = bytearray(calcsize(COUNT) + 4 * len(numbers))
    pack_into(f"{COUNT}{len(numbers)}I", frame, 0, len(numbers), len(pieces.head), *numbers)
    return zlib.compress(bytes(frame) + pieces.head + pieces.tail, LEVEL)


def _ids(frame: bytes) -> tuple[int, ...]:
    count, _ = unpack_from(COUNT, frame)
    return unpack_from(f"<{count}I", frame, calcsize(COUNT))


def _unframed(frame: bytes, entries: list[bytes]) -> bytes:
    count, size = unpack_from(COUNT, frame)
    start = calcsize(COUNT) + 4 * count
    return joined(Cut(frame[start : start + size], entries, frame[start + size :]))


def _numbers(texts: set[bytes]) -> dict[bytes, int]:
    """The number of each passage. The exchange's lock lets nobody else store the same one."""
    digests = {text: blake2b(text, digest_size=16).hexdigest() for text in texts}
    found = _known(digests.values())
    fresh = [text for text in texts if digests[text] not in found]
    rows = [(digests[text], zlib.compress(text, LEVEL)) for text in fresh]
    insert_rows(Passage, ["digest", "data"], rows)
    if fresh:
        found |= _known(digests[text] for text in fresh)
    return {text: found[digest] for text, digest in digests.items()}


def _known(digests: Iterable[str]) -> dict[str, int]:
    return dict(Passage.objects.filter(digest__among=list(digests)).values_list("digest", "pk"))
