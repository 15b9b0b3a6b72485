"""Files spoiled at random, and what must hold of reading each: `python -m tests.frontmatter.fuzzing
SEED COUNT` tries that many and prints what did not hold, as JSON."""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from articles.frontmatter import Memory, Record, Refused, Unpatchable, patch, read

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "_news"
LARGEST = 30_000
"""Bytes of the largest file made; the pure parser takes a second for some of that size."""
PATIENCE = 60
"""Seconds after which a file counts as one that never ends."""

TOKENS = [
    b"---\n", b"...\n", b"\n", b"\r\n", b"\r", b"\t", b" ", b"  ", b"- ", b"? ", b": ", b":", b"#",
    b" #", b"&a ", b"*a", b"<<: *a\n", b"!!str ", b"!x ", b"[", b"]", b"{", b"}", b",", b"|\n",
    b">-\n", b"|2\n", b'"', b"'", b"\\", b'"\\0"', b'"\\ud83d"', b"%YAML 1.1\n", b"%", b"@", b"`",
    b"~", b"null", b"true", b'"true"', b"no", b"1e3", b"0x1f", b"1:20", b".nan", b"-1", b"9" * 11,
    b"2024-02-30", b"2024-05-06T12:00:60Z", b"published: true\n", b"title: b\n", b"related:\n  - ",
    b"removed: true\n", b"\x00", b"\x07", b"\x7f", b"\xff", b"\xc3", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", *map(str.encode, ("\x85", "\u2028", "\ufeff", "é", "\U0001f6a2")),
]  # fmt: skip

Change = Callable[[random.Random, bytes, bytes], bytes]


def _span(chance: random.Random, data: bytes, longest: int = 200) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randrange(longest))


def _insert(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(TOKENS) + data[at:]


def _replace(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data, 12)
    return data[:start] + chance.choice(TOKENS) + data[end:]


def _flip(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _drop(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _double(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:end] + data[start:end] + data[end:]


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(chance, other)
    at = chance.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def _swap_lines(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    lines = data.split(b"\n")
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _indent(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = b" " * chance.randrange(5) + lines[at].lstrip()
    return b"\n".join(lines)


def _repeat(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data, 40)
    return data[:start] + data[start:end] * chance.choice((3, 30, 300)) + data[end:]


def _other_ends(_chance: random.Random, data: bytes, _other: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


CHANGES: list[Change] = [
    *(_insert, _insert, _insert, _replace, _replace, _flip, _drop, _double, _splice),
    *(_swap_lines, _indent, _indent, _repeat, _other_ends),
]


def spoiled(seed: int, originals: list[bytes]) -> bytes:
    """One file after a few random changes; the same seed gives the same file."""
    chance = random.Random(seed)
    data = chance.choice(originals)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        data = chance.choice(CHANGES)(chance, data, chance.choice(originals))[:LARGEST]
    return data


def originals() -> list[bytes]:
    """Good files to spoil: those of the demo."""
    return [path.read_bytes() for path in sorted(DEMO.glob("*.md"))]


@dataclass
class Findings:
    """Seeds of the files for which something did not hold; `slowest` is seconds as imports read,
    `peak` bytes."""

    tried: int = 0
    accepted: int = 0
    tracebacks: dict[int, str] = field(default_factory=dict)
    differing_without_libyaml: list[int] = field(default_factory=list)
    differing_from_memory: list[int] = field(default_factory=list)
    spoiled_by_patch: list[int] = field(default_factory=list)
    slowest: float = 0.0
    slowest_seed: int = -1
    peak: int = 0

    def add(self, seed: int, data: bytes, memory: Memory) -> None:
        """Try one file in every way."""
        self.tried += 1
        try:
            with _patience():
                self._try(seed, data, memory)
        except Exception:
            self.tracebacks[seed] = traceback.format_exc(limit=-3)

    def _try(self, seed: int, data: bytes, memory: Memory) -> None:
        started = perf_counter()
        expected = answer(data)
        seconds = perf_counter() - started
        if seconds > self.slowest:
            self.slowest, self.slowest_seed = seconds, seed
        if answer(data, pure=True) != expected:
            self.differing_without_libyaml.append(seed)
        if answer(data, memory=memory) != expected:
            self.differing_from_memory.append(seed)
        if isinstance(expected[0], Record):
            self.accepted += 1
            if not is_patched(data, expected[0]):
                self.spoiled_by_patch.append(seed)


def answer(data: bytes, **how: Any) -> tuple[object, ...]:
    """All that a reader can tell of a file: its record and the order of keys, or its problems."""
    try:
        record = read(data, **how)
    except Refused as refusal:
        return refusal.problems
    return record, list(record.values), list(record.unknown), list(record.lines)


def is_patched(data: bytes, record: Record) -> bool:
    """Whether one key changed in place reads back, and nothing else moved."""
    try:
        after = read(patch(data, {"title": "Another title"}))
    except Unpatchable:
        return True
    wanted = record.values | {"title": "Another title"}
    return (after.values, after.unknown, after.body) == (wanted, record.unknown, record.body)


class _TooLong(Exception):
    """A file that never ends."""


@contextmanager
def _patience() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise _TooLong

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def findings(first: int, count: int) -> Findings:
    """What does not hold of the files of seeds from `first` on."""
    found, memory, good = Findings(), Memory(), originals()
    for seed in range(first, first + count):
        found.add(seed, spoiled(seed, good), memory)
    found.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found


if __name__ == "__main__":
    print(json.dumps(asdict(findings(int(sys.argv[1]), int(sys.argv[2])))))
