"""Export: database to content folder, writing only what differs and nothing unseen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..frontmatter import Memory, Problem, Refused, Unpatchable
from ..lock import exclusive
from ..models import Article, Run, Source
from ..models.bulk import update_rows
from ..observing import context
from ..workflow.rows import one_at_a_time
from ..writing import Folder, UnsafePath, bytes_of
from .agreement import Written, agree_on_written
from .bases import Known, base_bytes, digest_of, known, load
from .differences import first_difference, why_not
from .names import must_go_along
from .report import FileReport, Report
from .scan import FOLDERS, Found, Kind, can_be_name, fitting
from .selection import ExportOptions, keys_not_read, keys_to_export, waiting
from .shelves import changed_rows, file_of_row
from .targets import Targets, candidates

CHUNK = 500
"""Files looked at together; bounds memory."""

IN_HAND = 50
"""Files whose bytes are in memory together."""

NAMED = 3
"""How many articles a refusal names before it counts."""

OUTCOMES = ("created", "updated", "unchanged", "refused", "missing")


def run_export(
    directory: Path,
    options: ExportOptions = ExportOptions(),
    *,
    actor: Any = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Write every file whose bytes differ; raises `lock.Busy`, and OSError when the folder is not
    to be written at all.

    The base of a file moves when it is written into the folder it was read from; a copy anywhere
    else only remembers what was written. Killed at any point, the folder holds whole files and
    the next run goes on: a file that is already as it should be is agreed on.
    """
    started = monotonic()
    with exclusive("export"):
        exporter = Exporter(Folder(directory), options, actor)
        report = exporter.write(progress)
        exporter.agree()
    report.seconds = monotonic() - started
    return report


class Exporter:
    """Writes what differs into a folder, then agrees on it; for one who holds the lock."""

    def __init__(
        self, folder: Folder, options: ExportOptions, actor: Any, memory: Memory | None = None
    ) -> None:
        self._options, self._actor = options, actor
        self._folder = folder
        self.at = timezone.now()
        self.targets: dict[str, Targets] = {}
        """By slug, for whoever has to know what a file follows from; of a sync alone."""
        self._run: Run | None = None
        self._report = Report(outcomes=OUTCOMES)
        self._written: list[Written] = []
        self._memory = memory or Memory()
        self._articles: Targets | None = None
        self._copies: list[tuple[bytes, int]] = []
        self._plain_copies: list[int] = []
        self._left: set[str] = set()
        self._selected: set[str] = set()

    def write(self, progress: Callable[[int, int], None] | None = None) -> Report:
        """Write every file that differs; no base moves yet."""
        if self._options.writes:
            self._folder.open()
        waits = waiting() if self._options.after_import else {}
        done, jobs = 0, [(kind, self._keys(kind, waits.get(kind, set()))) for kind in FOLDERS]
        if not self._options.is_whole:
            self._selected.update(*(keys for kind, keys in jobs if kind is Kind.ARTICLE))
        total = sum(len(keys) for _, keys in jobs)
        for kind, keys in jobs:
            changed = self._changed(kind) if keys else set()
            everything = iter(keys)
            while some := list(islice(everything, CHUNK)):
                self._export(kind, some, changed)
                done += len(some)
                if progress:
                    progress(done, total)
        return self._report

    def _keys(self, kind: Kind, waits: set[str]) -> list[str]:
        if not self._options.after_import:
            return keys_to_export(kind, self._options, self.at)
        if kind is Kind.ARTICLE:
            self._left |= waits
        return sorted(keys_not_read(kind, str(self._folder.root)) - waits)

    def _changed(self, kind: Kind) -> set[str]:
        return candidates() if kind is Kind.ARTICLE else set(changed_rows(kind))

    def _export(self, kind: Kind, keys: Sequence[str], changed: set[str]) -> None:
        stored = known(kind, keys)
        targets = self._targets(kind, [key for key in keys if key in changed or key not in stored])
        pending: list[tuple[str, Known, str, bytes | None]] = []
        for key in keys:
            source = stored.get(key)
            path = source.path if source else f"{FOLDERS[kind]}/{file_of_row(kind, key)}"
            if source is None and not can_be_name(kind, key):
                self._refuse(kind, path, "no file can have this name")
                continue
            try:
                target = targets(key)
            except (Refused, Unpatchable) as error:
                self._refuse(kind, path, f"cannot be changed: {error}")
                continue
            found = Found(kind, key, fitting(self._folder.root, path), self._folder.root)
            with self._refusing(kind, path):
                self._decide(found, source, target, pending)
        self._write_bases(kind, pending)

    def _targets(self, kind: Kind, keys: Sequence[str]) -> Callable[[str], bytes | None]:
        """The wanted bytes of a file by key; None: those of its base."""
        nothing: dict[str, bytes] = {}
        if not keys:
            return nothing.get
        if kind is not Kind.ARTICLE:
            rows = changed_rows(kind)
            return lambda key: rows[key].target() if key in rows else None
        wanted = set(keys)
        articles = Targets(keys, self.at, self._memory)
        self._articles = articles
        if self._options.after_import:
            self.targets |= dict.fromkeys(keys, articles)
        return lambda key: articles.of(key) if key in wanted else None

    def _decide(
        self,
        found: Found,
        source: Known | None,
        target: bytes | None,
        pending: list[tuple[str, Known, str, bytes | None]],
    ) -> None:
        """Compare one file on disk with what it should be, and write it where that is safe."""
        file = self._folder.place(found.path)
        disk = bytes_of(file)
        base = source.digest if source else None
        wanted = base if target is None else digest_of(target)
        held = None if disk is None else digest_of(disk)
        if held == wanted:
            self._note(found, "unchanged")
            self._remember(found, source, target, wanted)
        elif disk is None and self._is_gone(source):
            self._note(found, "missing")
        elif disk is not None and not self._may_overwrite(source, held):
            self._refuse_difference(found, why_not(source, held), disk, target)
            if found.kind is Kind.ARTICLE:
                self._left.add(found.key)
        elif target is None:
            assert source is not None
            pending.append((found.path, source, file, disk))
        elif others := self._lost_alone(found, source, target):
            why = f"files name one another by a link that changed here; export {_few(others)} too"
            why = f"{why} (--slug), or everything, or use --force"
            self._refuse_difference(found, why, disk, target)
        else:
            self._put(found, file, disk, target)
            self._remember(found, source, target, wanted)

    def _lost_alone(self, found: Found, source: Known | None, target: bytes) -> list[str]:
        """The articles that must be exported together with this one, and are not."""
        is_copy = source is not None and source.root != str(self._folder.root)
        whatever = self._options.is_whole or self._options.force
        if found.kind is not Kind.ARTICLE or is_copy or whatever:
            return []
        base = _base_of(found) if source else None
        return must_go_along(found.key, base, target, self._selected)

    def _refuse_difference(
        self, found: Found, why: str, disk: bytes | None, target: bytes | None
    ) -> None:
        """A file that should be another stays; a check says where it differs."""
        line = 1
        if self._options.check and (wanted := target or _base_of(found)):
            first = first_difference(disk, wanted)
            line, why = first.line, f"{why}: {first.message}"
        self._refuse(found.kind, found.path, why, line)

    def _is_gone(self, source: Known | None) -> bool:
        """A file that somebody took out of the folder it came from is not put back unasked."""
        in_place = source is not None and source.root == str(self._folder.root)
        return in_place and not self._options.recreate

    def _may_overwrite(self, source: Known | None, held: bytes | None) -> bool:
        if self._options.force:
            return True
        if source is None or held is None:
            return False
        return held in (source.digest, source.written_digest)

    def _write_bases(
        self, kind: Kind, pending: Sequence[tuple[str, Known, str, bytes | None]]
    ) -> None:
        for start in range(0, len(pending), IN_HAND):
            some = pending[start : start + IN_HAND]
            files = base_bytes(source.id for _, source, _, _ in some)
            for path, source, file, disk in some:
                found = Found(kind, source.key, path, self._folder.root)
                with self._refusing(kind, path):
                    self._put(found, file, disk, files[source.id])
                    self._remember(found, source, None, source.digest)

    def _put(self, found: Found, file: str, disk: bytes | None, target: bytes) -> None:
        if self._options.writes:
            self._folder.write(file, target)
        report = self._note(found, "created" if disk is None else "updated")
        if self._options.check:
            report.errors += (first_difference(disk, target),)

    def _remember(
        self, found: Found, source: Known | None, target: bytes | None, digest: bytes | None
    ) -> None:
        """Note what a file holds now: in place it is its base, elsewhere a copy we wrote."""
        if digest is None:
            return
        if source is not None and source.root != str(self._folder.root):
            if digest != source.written_digest:
                if digest == source.digest:
                    self._plain_copies.append(source.id)
                else:
                    self._copies.append((digest, source.id))
        elif target is not None:
            written = Written(found, target, digest)
            if found.kind is Kind.ARTICLE and self._articles is not None:
                written.record = self._articles.records.get(found.key)
                written.mark = self._articles.marks.get(found.key)
            self._written.append(written)

    def _note(self, found: Found, outcome: str) -> FileReport:
        report = FileReport(found.path, found.kind, outcome)
        self._report.files.append(report)
        return report

    @contextmanager
    def _refusing(self, kind: Kind, path: str) -> Iterator[None]:
        """A place that is not safe, or that cannot be written, is trouble of that file alone."""
        try:
            yield
        except UnsafePath as error:
            self._refuse(kind, path, str(error))
        except OSError as error:
            self._refuse(kind, path, f"cannot be written: {os.strerror(error.errno or 0)}")

    def _refuse(self, kind: Kind, path: str, why: str, line: int = 1) -> None:
        report = FileReport(path, kind, "refused")
        report.errors += (Problem(line, "", why),)
        self._report.files.append(report)

    def begin(self) -> Run:
        """A run that is not over yet, for what has to name it before anything is agreed on.

        One that a killed export left agreed on nothing.
        """
        Run.objects.filter(kind=Run.Kind.EXPORT, finished_at=None).delete()
        self._run = Run.objects.create(
            kind=Run.Kind.EXPORT,
            root=str(self._folder.root),
            options=asdict(self._options),
            started_at=self.at,
            actor=self._actor,
        )
        context.run_id.set(self._run.pk)
        return self._run

    def agree(self) -> None:
        """Record the run and move the bases, after the files: a base is never ahead of its file."""
        if not self._options.writes:
            return
        with transaction.atomic():
            one_at_a_time()
            run = self._run or self.begin()
            run.finished_at = timezone.now()
            run.totals, run.report = self._report.totals(), self._report.packed()
            run.save()
            self._report.run = run.pk
            if self._plain_copies:
                plain = Source.objects.filter(pk__among=self._plain_copies)
                plain.update(written_digest=F("digest"))
            update_rows(Source, ["written_digest"], self._copies)
            left = self._not_written()
            agree_on_written(self._written, run, self.at, left=left)

    def _not_written(self) -> set[str]:
        """Articles that files still name as they did before, and that name others so."""
        if self._options.is_whole:
            return self._left
        edited = Article.objects.edited().values_list("slug", flat=True)
        return set(edited).difference(one.found.key for one in self._written)


def _base_of(found: Found) -> bytes | None:
    source = load(found.kind, [found.key]).get(found.key)
    return source.base_bytes if source else None


def _few(slugs: Sequence[str]) -> str:
    more = len(slugs) - NAMED
    return ", ".join(slugs[:NAMED]) + (f" and {more} more" if more > 0 else "")
