"""What an import would refuse, without a database; for the CI of a content repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from ..frontmatter import Record
from .loading import Outcome, chunks, reader
from .report import FileReport, Report
from .scan import scan

OUTCOMES = ("accepted", "refused")


def run_check(paths: Sequence[Path], *, jobs: int = 1) -> Report:
    """Read every file and keep nothing; raises `NothingToRead`."""
    started = monotonic()
    scanned = scan(paths)
    report = Report(outcomes=OUTCOMES, unknown=scanned.unknown)
    for found, problem in scanned.refused:
        report.files.append(FileReport(found.path, found.kind, "refused", errors=(problem,)))
    with reader(jobs) as files:
        for chunk in chunks(scanned.found, files.limits.file_bytes):
            kind = chunk[0].found.kind
            readable = [loaded for loaded in chunk if not loaded.trouble]
            outcomes = files.many([loaded.data for loaded in readable], kind)
            for loaded in chunk:
                outcome: Outcome = loaded.trouble or next(outcomes)
                problems = () if isinstance(outcome, Record) else outcome
                word = "refused" if problems else "accepted"
                report.files.append(FileReport(loaded.found.path, kind, word, errors=problems))
    report.seconds = monotonic() - started
    return report
