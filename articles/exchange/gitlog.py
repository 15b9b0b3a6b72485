"""What a git log says of files: who changed which keys, when, and in what words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from .halted import Git

BODY = "body"
"""What the text below the front matter is called among keys."""

_TOP_KEY = re.compile(rb"\n([A-Za-z_$][^\s:]*)[ \t]*:")
_FENCE = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FORMAT = "%H%x00%an%x00%ae%x00%at%x00%B%x00"
"""Nothing in a log holds a NUL."""

NOBODY = "0" * 40
"""The blob of a file that is not there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file of a commit. `fate` is git's letter: A came, M changed, D went."""

    path: str
    fate: str
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class Told:
    """A commit as its log has it, with the files below one folder; paths are relative to that."""

    sha: str
    name: str
    address: str
    at: datetime
    message: str
    changes: list[Change] = field(default_factory=list)


def log(
    git: Git, root: Path, since: str, until: str, folder: Path, but: re.Pattern[str]
) -> Iterator[Told]:
    """The commits after one and up to another, oldest first, merges and those whose messages match
    `but` apart; raises GitError."""
    command = ["log", "--reverse", "--no-merges", "--raw", "--no-abbrev", "--no-renames", "-z"]
    # Without a folder of its own the content is the whole repository.
    within = ["--", str(folder)] if folder.parts else []
    said = git(root, *command, f"--format={_FORMAT}", f"{since}..{until}", *within).decode(
        errors="replace"
    )
    words = said.split("\0")
    at = 0
    while at + 5 < len(words):
        sha, name, address, seconds, message = words[at : at + 5]
        told = Told(sha, _plain(name), _plain(address), _moment(seconds), _plain(message))
        at += 6
        raw = []
        while at + 1 < len(words) and words[at].lstrip().startswith(":"):
            raw.append((words[at], words[at + 1]))
            at += 2
        if not but.search(told.message):
            told.changes = list(_changes(git, root, raw, folder))
            yield told


def _plain(text: str) -> str:
    return _NOT_SHOWN.sub("", text).strip()


def _moment(seconds: str) -> datetime:
    """When the author says it was, but never later than now, whatever clock he has."""
    now = datetime.now(UTC)
    try:
        return min(datetime.fromtimestamp(int(seconds), UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


def _changes(
    git: Git, root: Path, raw: Iterable[tuple[str, str]], folder: Path
) -> Iterator[Change]:
    """The files of one commit, each with git's line about it and its path."""
    found = []
    for head, path in raw:
        _, _, old, new, fate = head.strip().split(" ")
        found.append((old, new, fate[:1], path))
    blobs = _blobs(git, root, {blob for old, new, _, _ in found for blob in (old, new)} - {NOBODY})
    for old, new, fate, path in found:
        keys = _changed(blobs, old, new) if fate == "M" else ()
        yield Change(Path(path).relative_to(folder).as_posix(), fate, keys)


def _changed(blobs: Mapping[str, bytes], old: str, new: str) -> tuple[str, ...]:
    return changed_keys(blobs.get(old, b""), blobs.get(new, b""))


def _blobs(git: Git, root: Path, names: set[str]) -> dict[str, bytes]:
    """The bytes of these blobs, by one process."""
    if not names:
        return {}
    data = git(root, "cat-file", "--batch", given="\n".join(sorted(names)).encode() + b"\n")
    found, at = {}, 0
    while at < len(data):
        end = data.index(b"\n", at)
        name, kind, *size = data[at:end].decode().split(" ")
        at = end + 1
        if kind == "blob":
            found[name] = data[at : at + int(size[0])]
            at += int(size[0]) + 1
    return found


def changed_keys(old: bytes, new: bytes) -> tuple[str, ...]:
    """The top keys whose lines differ between two files, in their order, `BODY` among them.

    Nothing is parsed: a file that no import takes was changed by somebody all the same.
    """
    before, after = _blocks(old), _blocks(new)
    keys = dict.fromkeys([*after, *before])
    return tuple(key for key in keys if before.get(key) != after.get(key))


def _blocks(data: bytes) -> dict[str, bytes]:
    """The lines of each top key; what stands above the first and the fences apart."""
    fences = list(islice(_FENCE.finditer(data), 2))
    start = fences[0].end() if fences and fences[0].start() == 0 else 0
    end = fences[1].start() if start and len(fences) > 1 else len(data)
    block = b"\n" + data[start:end]
    starts = list(_TOP_KEY.finditer(block))
    ends = [*(one.start() for one in starts[1:]), len(block)][: len(starts)]
    found = {
        one[1].decode(errors="replace"): block[one.start() : until].strip(b"\r\n")
        for one, until in zip(starts, ends, strict=True)
    }
    body = data[fences[1].end() :] if start and len(fences) > 1 else b""
    return found | {BODY: body.strip(b"\r\n")}
