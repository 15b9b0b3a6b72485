"""Why a file is not written over, and where it differs from what it should be."""

from __future__ import annotations

from ..frontmatter import Problem
from .bases import Known


def why_not(source: Known | None, held: bytes | None) -> str:
    """Why a file that holds something of this digest stays as it is."""
    if source is None:
        return "another file of this name is there already; import it, or use --force"
    if held == source.refused_digest:
        return "import refused this version; mend the file and import it, or use --force"
    if held == source.theirs_digest:
        return "in conflict; resolve it first, or use --force"
    return "changed since import; import it first, or use --force"


def first_difference(disk: bytes | None, target: bytes) -> Problem:
    """The first line in which a file differs from what an export would write."""
    if disk is None:
        return Problem(1, "", "the file is not there")
    here, there = disk.split(b"\n"), target.split(b"\n")
    line = next(
        (i for i, (one, other) in enumerate(zip(here, there, strict=False)) if one != other),
        min(len(here), len(there)),
    )
    have, want = (_shown(lines, line) for lines in (here, there))
    return Problem(line + 1, "", f"{have} should be {want}")


def _shown(lines: list[bytes], line: int) -> str:
    """A line as it may be printed; sealed text never is, however it is laid out."""
    if line >= len(lines):
        return repr("(end of file)")
    if any(b"secured" in text for text in _with_its_key(lines, line)):
        return "another seal"
    text = lines[line].decode(errors="replace")
    return repr(text if len(text) <= 100 else f"{text[:97]}…")


def _with_its_key(lines: list[bytes], line: int) -> list[bytes]:
    """A line, and the ones above it up to where its outermost key begins."""
    start = line
    while start > 0 and lines[start][:1] in (b"", b" ", b"\t", b"\r", b":"):
        start -= 1
    return lines[start : line + 1]
