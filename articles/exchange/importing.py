"""Import: files to database, one run at a time, a chunk a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from providers.models import Policy

from ..desk import autopublish
from ..frontmatter import Memory, Problem
from ..lock import exclusive
from ..models import QUEUE_DAYS, WAITING, Article, Falling, Run, Transition
from ..observing import context
from ..states import State
from ..stories import refresh
from ..stories.joining import join_arrivals
from ..workflow import admission
from ..workflow.rows import hold_stories, one_at_a_time
from . import bases
from .bases import digest_of, storable
from .catalogue import set_parents
from .erased import leave_erased
from .first_queue import fill_queue, share_of
from .growing import Growth
from .intake import ArticleIntake
from .loading import (
    Accepted,
    Chunk,
    Loaded,
    Reader,
    RefusedFiles,
    chunks,
    compare,
    parsed,
    reader,
)
from .pictures import Pictures, tell
from .renames import renamed
from .report import FileReport, Report
from .scan import Found, Kind, Scan, scan
from .shelving import CatalogueIntake
from .sweeping import sweeping

Progress = Callable[[int, int], None]
"""Told (files done, files in all) after every chunk."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`dry_run` does everything and keeps nothing; `as_drafts` imports everything as new."""

    dry_run: bool = False
    as_drafts: bool = False
    jobs: int = 1


def run_import(
    paths: Sequence[Path],
    options: ImportOptions = ImportOptions(),
    *,
    actor: Any = None,
    progress: Progress | None = None,
) -> Report:
    """Import files and content folders; raises `NothingToRead` and `lock.Busy`.

    A run that is killed has taken whole files only, and the next one goes on from there: what
    was taken is unchanged then, and what waits for admission is found in the database.
    """
    started = monotonic()
    scanned = scan(paths)
    with ExitStack() as stack:
        stack.enter_context(exclusive("import"))
        if options.dry_run:
            stack.enter_context(transaction.atomic())
        report = take(scanned, options, actor=actor, progress=progress)
        report.seconds = monotonic() - started
        if options.dry_run:
            transaction.set_rollback(True)
    return report


def take(
    scanned: Scan,
    options: ImportOptions = ImportOptions(),
    *,
    actor: Any = None,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> Report:
    """Import what was found, for one who holds the lock; a dry run is his to roll back. `memory`
    is for whoever goes on with the same files."""
    with reader(options.jobs, memory) as files:
        return _Importer(scanned, options, files, actor).run(progress)


class _Importer:
    def __init__(self, scanned: Scan, options: ImportOptions, files: Reader, actor: Any) -> None:
        leave_erased(scanned)
        self._scanned, self._options, self._files = scanned, options, files
        self._actor = actor
        self._at = timezone.now()
        self._report = Report(unknown=scanned.unknown)
        self._pictures = Pictures()

    def run(self, progress: Progress | None) -> Report:
        self._run = self._open()
        context.run_id.set(self._run.pk)
        self._report.run = self._run.pk
        ended = Run.objects.filter(kind=Run.Kind.IMPORT, finished_at__isnull=False)
        self._is_first = not ended.exists()
        self._growth = Growth(is_first=self._is_first)
        news = sum(found.kind is Kind.ARTICLE for found in self._scanned.found)
        self._queue_share = share_of(news) if self._is_first else None
        self._report.renamed = renamed(self._scanned, self._run, self._files, self._at)
        with sweeping() as sweep:
            self._take_all(progress, sweep)
        return self._report

    def _take_all(self, progress: Progress | None, sweep: Callable[[], object]) -> None:
        done, pending = 0, None
        for loaded in chunks(self._scanned.found, self._files.limits.file_bytes):
            chunk = self._compare(loaded)
            if pending is not None and pending.has_room_for(chunk):
                pending.absorb(chunk)
            else:
                self._take(pending)
                pending = chunk
                sweep()
            done += len(loaded)
            if progress:
                progress(done, len(self._scanned.found))
        self._take(pending, is_last=True)
        if not self._options.dry_run:
            self._keep_pictures()

    def _keep_pictures(self) -> None:
        if refused := self._pictures.keep(self._scanned.roots):
            tell(self._report.files, refused)
            self._run.report = self._report.packed()
            self._run.save(update_fields=["report"])

    def _open(self) -> Run:
        """A new run, or the one that was killed: what both take is of one run, as if it had
        never ended (which of two files is older decides about claims of one side)."""
        killed = Run.objects.filter(kind=Run.Kind.IMPORT, finished_at=None).order_by("-pk")
        run = killed.first() or Run(kind=Run.Kind.IMPORT, started_at=self._at)
        run.root = ", ".join(str(path) for path in self._scanned.paths)
        run.options, run.actor = asdict(self._options), self._actor
        run.save()
        return run

    def _compare(self, loaded: list[Loaded]) -> Chunk:
        """Note what needs nothing, at once: only what changed waits for a transaction."""
        known = bases.known(loaded[0].found.kind, [one.found.key for one in loaded])
        chunk = compare(loaded, known)
        bases.see((one.found, known[one.found.key]) for one in chunk.unchanged)
        for one in chunk.unchanged:
            self._report.files.append(FileReport(one.found.path, chunk.kind, "unchanged"))
        for one in chunk.standing:
            report = FileReport(one.found.path, chunk.kind, "conflict", is_standing=True)
            self._report.files.append(report)
        return replace(chunk, unchanged=[], standing=[])

    def _take(self, chunk: Chunk | None, *, is_last: bool = False) -> None:
        """Import changed files; the last of them end the run in the same transaction."""
        accepted, refused = parsed(chunk, self._files) if chunk else ([], [])
        if not (accepted or refused or is_last):
            return
        with transaction.atomic():
            one_at_a_time()
            if chunk:
                self._note_refused(chunk, refused)
            if chunk and accepted:
                self._report.files += self._store(chunk.kind, accepted)
                self._growth.add(len(accepted))
            if is_last:
                self._finish()

    def _store(self, kind: Kind, accepted: Accepted) -> list[FileReport]:
        for loaded, record in accepted:
            self._pictures.note(loaded.found, record.values)
        if kind is not Kind.ARTICLE:
            return self._shelve(kind, accepted)
        articles = ArticleIntake(
            self._run,
            self._files,
            as_drafts=self._options.as_drafts,
            at=self._at,
            queue_share=self._queue_share,
        )
        return articles.store(accepted)

    def _shelve(self, kind: Kind, accepted: Accepted) -> list[FileReport]:
        intake = CatalogueIntake(kind, self._run, self._files, self._at)
        reports = intake.store(accepted)
        if kind is Kind.TOPIC:
            warnings = set_parents()
            for (loaded, _), report in zip(accepted, reports, strict=True):
                if warning := warnings.get(loaded.found.key):
                    report.warnings += (warning,)
        return reports

    def _note_refused(self, chunk: Chunk, files: RefusedFiles) -> None:
        refused = [(one.found, one.digest, problems) for one, problems in files]
        bases.refuse(self._run, refused, chunk.known, self._at)
        for found, digest, problems in refused:
            stored = chunk.known.get(found.key)
            self._refuse(found, problems, stored is not None and stored.refused_digest == digest)

    def _refuse(self, found: Found, problems: Iterable[Problem], is_standing: bool) -> None:
        report = FileReport(found.path, found.kind, "refused", is_standing=is_standing)
        report.errors = tuple(problems)
        self._report.files.append(report)

    def _finish(self) -> None:
        self._note_renamed()
        self._note_misnamed()
        self._note_missing()
        admitted = admission.admit(self._run, self._at)
        refresh(admitted.values())
        self._growth.end()
        if self._is_first:
            fill_queue(self._run)
        else:
            join_arrivals(self._run, self._at)
        put_aside(self._at)
        by_policy = [] if self._options.as_drafts else autopublish.act(self._at)
        self._note_public({*admitted, *(article.slug for article in by_policy)})
        self._run.finished_at = timezone.now()
        self._run.totals = self._report.totals()
        self._run.report = self._report.packed()
        self._run.save()

    def _note_public(self, admitted: set[str]) -> None:
        """What readers see now and did not before, and the other way round, whichever file's
        doing it is."""
        moves = Transition.objects.filter(run=self._run, from_state=State.PUBLISHED)
        left = moves.exclude(
            Q(to_state=State.PUBLISHED) | Q(article__provider__policy=Policy.BLOCKED)
        )
        before = set(left.values_list("article__slug", flat=True))
        now = _public(admitted | before, timezone.now())
        self._report.appeared = sorted(now - before)
        self._report.disappeared = sorted(before - now)

    def _note_renamed(self) -> None:
        """A file that only has another name is no unchanged one."""
        for file in self._report.files:
            if before := self._report.renamed.get(file.path):
                file.outcome = "updated" if file.outcome == "unchanged" else file.outcome
                file.changed = (f"renamed from {before}", *file.changed)

    def _note_misnamed(self) -> None:
        """Refusals by name alone; what was said before about the same files is not news."""
        for kind in Kind:
            refused = [
                (
                    replace(found, key=storable(found.key)),
                    digest_of(str(problem).encode()),
                    (problem,),
                )
                for found, problem in self._scanned.refused
                if found.kind is kind
            ]
            known = bases.known(kind, [found.key for found, _, _ in refused])
            bases.refuse(
                self._run, list({f.key: (f, d, p) for f, d, p in refused}.values()), known, self._at
            )
            for found, digest, problems in refused:
                stored = known.get(found.key)
                self._refuse(
                    found, problems, stored is not None and stored.refused_digest == digest
                )

    def _note_missing(self) -> None:
        seen: dict[str, set[str]] = {kind.value: set() for kind in Kind}
        for found in self._scanned.found:
            seen[found.kind.value].add(found.key)
        for found, _ in self._scanned.refused:
            seen[found.kind.value].add(storable(found.key))
        roots = [str(root) for root in self._scanned.roots]
        bases.forget(roots, seen)
        for kind, path in bases.miss(roots, seen, self._at):
            self._report.files.append(FileReport(path, Kind(kind), "missing"))


def put_aside(at: datetime) -> None:
    """Mark as backlog what has waited too long by then: it is backlog by its age already, and
    would be in the way of whoever reads the queue."""
    since = at - timedelta(days=QUEUE_DAYS)
    waiting = Article.objects.filter(WAITING, arrived_at__lt=since)
    # In the order of those that wait, or SQLite looks for them among all leads there are.
    in_order = waiting.order_by(F("is_above_bar").desc(), Falling("quality"))
    late = waiting.filter(pk__among=list(in_order.values_list("pk", flat=True)))
    hold_stories(late)
    late.update(is_backlog=True)


def _public(slugs: Iterable[str], at: datetime) -> set[str]:
    found = Article.objects.published(at).filter(slug__among=list(slugs))
    return set(found.values_list("slug", flat=True))
