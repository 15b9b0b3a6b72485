"""Commits as git's `fast-import` reads them: one process for all of them and their files. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

_NOT_IN_NAMES = re.compile(r"[<>\x00-\x1f\x7f]")
_NOT_AT_ENDS = " .,:;\"\\'"
"""What git itself takes from the ends of a name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a commit is by."""

    name: str
    address: str


@dataclass(slots=True)
class Commit:
    """What one person did: whole files by their path in the content folder."""

    author: Person
    at: datetime
    message: str
    files: dict[str, bytes] = field(default_factory=dict)


def fast_import(
    commits: Sequence[Commit], committer: Person, prefix: PurePath, parent: str, ref: str
) -> bytes:
    """The stream that makes these commits one after another on `parent` (empty: on nothing), puts
    `ref` there, and prints the name of the last."""
    return b"".join(_pieces(commits, committer, prefix, parent, ref))


def _pieces(
    commits: Sequence[Commit], committer: Person, prefix: PurePath, parent: str, ref: str
) -> Iterator[bytes]:
    yield f"reset {ref}\n".encode()
    yield f"from {parent}\n\n".encode() if parent else b"\n"
    for number, commit in enumerate(commits, 1):
        when = f"{commit.at.timestamp():.0f} +0000"
        yield f"commit {ref}\nmark :{number}\n".encode()
        yield f"author {_signed(commit.author)} {when}\n".encode()
        yield f"committer {_signed(committer)} {when}\n".encode()
        yield _data(commit.message.encode())
        for path, data in commit.files.items():
            yield f"M 100644 inline {_quoted(str(prefix / path))}\n".encode()
            yield _data(data)
    yield f"get-mark :{len(commits)}\ndone\n".encode()


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _signed(person: Person) -> str:
    address = _NOT_IN_NAMES.sub("", person.address).strip(_NOT_AT_ENDS)
    name = _NOT_IN_NAMES.sub("", person.name).strip(_NOT_AT_ENDS) or address
    return f"{name} <{address}>"


def _quoted(path: str) -> str:
    said = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{said}"'
