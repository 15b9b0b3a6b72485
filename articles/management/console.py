"""How `frontmatter` speaks on a terminal, in a log and to programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.exchange import Report, Sync

SHOWN = 20
"""How many slugs of a list are named before the rest is counted, without -v 2."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommands of `frontmatter` and their options."""
    actions = parser.add_subparsers(dest="action", required=True)
    imports = actions.add_parser("import", help="files to database")
    _paths(imports)
    imports.add_argument("-n", "--dry-run", action="store_true", help="the same, kept nowhere")
    imports.add_argument("--as-drafts", action="store_true", help="import everything as new")
    imports.add_argument("--strict", action="store_true", help="exit 1 for old problems too")
    checks = actions.add_parser("check", help="what import would refuse; needs no database")
    _paths(checks)
    exports = actions.add_parser("export", help="database to files")
    exports.add_argument("directory", type=Path, metavar="DIR")
    exports.add_argument("--only", choices=("published", "all"), default="all")
    exports.add_argument("--slug", action="append", default=[], help="only this article; repeat")
    exports.add_argument("-n", "--dry-run", action="store_true", help="the same, written nowhere")
    exports.add_argument("--check", action="store_true", help="write nothing; exit 1 on difference")
    exports.add_argument(
        "--force", action="store_true", help="write over files changed since import"
    )
    exports.add_argument("--recreate", action="store_true", help="write again what was deleted")
    _report(exports)
    syncs = actions.add_parser("sync", help="both, as one run")
    syncs.add_argument("directory", type=Path, metavar="DIR")
    syncs.add_argument("-n", "--dry-run", action="store_true", help="both plans, kept nowhere")
    syncs.add_argument("--recreate", action="store_true", help="write again what was deleted")
    syncs.add_argument("--git", action="store_true", help="fetch before, commit and push after")
    syncs.add_argument(
        "--watch", type=_positive, metavar="N", help="go on, with N seconds between two runs"
    )
    _report(syncs)
    resolves = actions.add_parser("resolve", help="decide one conflict")
    resolves.add_argument("slug", metavar="SLUG")
    resolves.add_argument("key", metavar="KEY")
    sides = resolves.add_mutually_exclusive_group(required=True)
    for side in ("theirs", "ours"):
        sides.add_argument(f"--{side}", dest="resolution", action="store_const", const=side)
    for action in (imports, checks, exports, syncs, resolves):
        _verbosity(action)


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    parser.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="parse in N processes"
    )
    _report(parser)


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")


def _verbosity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-v", "--verbosity", type=int, nargs="?", const=2, default=1, choices=(0, 1, 2, 3)
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


class Console:
    """Writes through the command's own streams: plain lines, and a bar on a terminal."""

    def __init__(self, command: BaseCommand, options: dict[str, Any]) -> None:
        self._command, self._options = command, options
        self._is_terminal = command.stdout.isatty()

    def say(self, line: str) -> None:
        """One line of output."""
        self._command.stdout.write(line)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None] | None]:
        """A bar with rate and time left while the block runs; nothing when not on a terminal."""
        if not self._is_terminal or self._options["verbosity"] == 0:
            yield None
            return
        # Loaded where somebody watches: drawing takes longer to load than an hourly run to run.
        with import_module("articles.management.bar").bar(what) as advance:
            yield advance

    def show(self, report: Report) -> None:
        """Problems first, then what was left alone and what readers will notice, then totals."""
        self._keep(report.as_dict())
        self._show(report)

    def show_sync(self, sync: Sync) -> None:
        """Either direction as a report of its own."""
        self._keep({"import": sync.taken.as_dict(), "export": sync.given.as_dict()})
        for what, report in (("From the files", sync.taken), ("To the files", sync.given)):
            if self._options["verbosity"]:
                self.say(f"{what}:")
            self._show(report)
        commits = f", {sync.commits} commit{'s' * (sync.commits != 1)}" if sync.commits else ""
        self.say(f"in step after {sync.seconds:.1f} s{commits}")

    def _keep(self, report: dict[str, Any]) -> None:
        if path := self._options.get("report"):
            text = json.dumps(report, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")

    def _show(self, report: Report) -> None:
        self._show_files(report)
        for folder, count in sorted(report.unknown.items()):
            if self._options["verbosity"]:
                self.say(f"left alone: {folder} ({_files(count)})")
        self._show_public("becomes public", report.appeared)
        self._show_public("no longer public", report.disappeared)
        if self._options["verbosity"]:
            self.say(self._table(report))
        standing = report.standing()
        self.say(
            f"{_files(len(report.files))} in {report.seconds:.1f} s"
            + (f"; {standing} refused or in conflict since an earlier run" if standing else "")
        )

    def _show_files(self, report: Report) -> None:
        loud = self._options["verbosity"] >= 2
        for new, old in report.renamed.items():
            self.say(f"renamed: {new}, before {old}")
        for file in report.files:
            if loud and file.outcome != "unchanged":
                self.say(
                    f"{file.outcome}: {file.path}"
                    + (f" ({', '.join(file.changed)})" if file.changed else "")
                )
            wrong = file.outcome in ("refused", "conflict")
            if loud or (wrong and not file.is_standing) or file.errors:
                for line in file.lines():
                    self._command.stderr.write(line)
            if file.outcome == "missing":
                self._command.stderr.write(f"{file.path}: missing; the article is kept")

    def _show_public(self, what: str, slugs: list[str]) -> None:
        if not slugs or not (self._options.get("dry_run") or self._options["verbosity"] >= 2):
            return
        loud = self._options["verbosity"] >= 2 or self._options.get("dry_run")
        for slug in slugs if loud else slugs[:SHOWN]:
            self.say(f"{what}: {slug}")

    def _table(self, report: Report) -> str:
        rows = [["", *report.outcomes]]
        for kind, counts in report.totals().items():
            if any(counts.values()):
                rows.append([f"{kind}s", *(f"{counts[outcome]:,}" for outcome in report.outcomes)])
        first, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(
            "  ".join([name.ljust(first), *map(str.rjust, cells, widths)]) for name, *cells in rows
        )


def _files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"
