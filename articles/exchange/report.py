"""What a run did, file by file: values for people and for programs."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..frontmatter import Problem
from .scan import Kind

OUTCOMES = ("created", "updated", "unchanged", "conflict", "refused", "missing")


@dataclass(slots=True)
class FileReport:
    """One file. `is_standing`: refused or in conflict already before this run.

    Texts are tuples: most files have nothing to say, and a run holds a report of each.
    """

    path: str
    kind: Kind
    outcome: str
    changed: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    is_standing: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The file's entry of the JSON report."""
        return {
            "path": self.path,
            "kind": self.kind.value,
            "outcome": self.outcome,
            "changed": list(self.changed),
            "errors": [
                {"line": error.line, "key": error.key, "message": error.message}
                for error in self.errors
            ],
            "warnings": list(self.warnings),
        }

    def lines(self) -> Iterator[str]:
        """`FILE:LINE: KEY: what is wrong and what would be right`, a line each."""
        for error in self.errors:
            yield f"{self.path}:{error}"
        for warning in self.warnings:
            yield f"{self.path}: warning: {warning}"


@dataclass(slots=True)
class Report:
    """A whole run. `seconds` is wall time; `appeared` and `disappeared` are slugs of articles
    that became public or stopped being so; `unknown` counts files by folder that were left;
    `renamed` are old paths by the new; `run` is the id of the row that keeps it.
    """

    outcomes: tuple[str, ...] = OUTCOMES
    files: list[FileReport] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    appeared: list[str] = field(default_factory=list)
    disappeared: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    run: int | None = None

    def lines(self) -> Iterator[str]:
        """What every file has to say, and the totals, a line each."""
        for file in self.files:
            yield from file.lines()
        for kind, counts in self.totals().items():
            said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
            if said:
                yield f"{kind}s: {said}"

    def totals(self) -> dict[str, dict[str, int]]:
        """Outcome counts by kind."""
        totals = {kind.value: dict.fromkeys(self.outcomes, 0) for kind in Kind}
        for file in self.files:
            totals[file.kind.value][file.outcome] += 1
        return totals

    def standing(self) -> int:
        """How many files are refused or in conflict since an earlier run."""
        return sum(file.is_standing for file in self.files)

    def new_problems(self) -> int:
        """How many files this run refused or put in conflict that were not before."""
        wrong = ("refused", "conflict")
        return sum(file.outcome in wrong and not file.is_standing for file in self.files)

    def exit_code(self, *, strict: bool = False) -> int:
        """0 when nothing new is wrong, else 1; `strict` counts old problems too."""
        return int(bool(self.new_problems() or (strict and self.standing())))

    def as_dict(self) -> dict[str, Any]:
        """The JSON report."""
        return {
            "files": [file.as_dict() for file in self.files],
            **self._summary(),
        }

    def _summary(self) -> dict[str, Any]:
        return {
            "totals": self.totals(),
            "unknown": self.unknown,
            "appeared": self.appeared,
            "disappeared": self.disappeared,
            "renamed": self.renamed,
            "seconds": round(self.seconds, 3),
        }

    def packed(self) -> bytes:
        """The report without unchanged files as compressed JSON, for the run's row."""
        packer = zlib.compressobj()
        pieces = [packer.compress(json.dumps(self._summary())[:-1].encode() + b', "files": [')]
        gap = b""
        for file in self.files:
            if file.outcome != "unchanged" or file.warnings:
                text = json.dumps(file.as_dict(), ensure_ascii=False)
                pieces.append(packer.compress(gap + text.encode()))
                gap = b", "
        return b"".join([*pieces, packer.compress(b"]}"), packer.flush()])
