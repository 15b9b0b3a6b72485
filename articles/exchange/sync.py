"""Sync: one folder and the database, each with what the other had to say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction

from ..frontmatter import Memory
from ..lock import exclusive
from ..models import SyncRun
from ..writing import Folder, Gathered
from .commits import commits, committer
from .exporting import Exporter
from .importing import ImportOptions, take
from .records import on_record
from .report import Report
from .repository import Rejected, Repository
from .scan import NothingToRead, Scan, scan
from .selection import ExportOptions
from .told import note_commits

TRIES = 3
"""Times that a sync is planned before it says that somebody else is always faster."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """`dry_run` writes nothing on either side. `recreate` writes again what is gone from the
    folder. `git` fetches before and commits and pushes after."""

    dry_run: bool = False
    recreate: bool = False
    git: bool = False


@dataclass(slots=True)
class Sync:
    """What a sync did: files `taken` into the database, files `given` to the folder, and how many
    commits were made."""

    taken: Report
    given: Report
    commits: int = 0
    seconds: float = 0.0

    def exit_code(self) -> int:
        """0 when nothing new is wrong on either side, else 1."""
        return self.taken.exit_code() or self.given.exit_code()


def run_sync(
    directory: Path,
    options: SyncOptions = SyncOptions(),
    *,
    actor: Any = None,
    asked: SyncRun | None = None,
) -> Sync:
    """Import a folder and export to it what was done here, as one run.

    Raises `lock.Busy`, `NothingToRead`, `GitError` (`Rejected` when others pushed first three
    times) and OSError. Killed at any point the folder holds whole files, or with git what some
    commit holds, and the next run ends as if nothing had happened: a base moves only to bytes
    that were read or, once they are where they belong, written. The desk shows every one that is
    no dry run; `asked` is the row of one that was asked for there.
    """
    started = monotonic()
    with exclusive("sync"):
        if options.dry_run:
            sync = _looked(directory, options, actor)
        else:
            with on_record(directory, actor, asked) as row:
                sync = _in_step(directory, options, actor)
                row.taken_id, row.given_id = sync.taken.run, sync.given.run
                row.commits = sync.commits
    sync.seconds = monotonic() - started
    return sync


def _in_step(directory: Path, options: SyncOptions, actor: Any) -> Sync:
    if not options.git:
        return _with_folder(directory, options, actor)
    url, branch = settings.REPOSITORY_URL, settings.REPOSITORY_BRANCH
    repository = Repository.cloned(url, directory, branch)
    said = ""
    for _ in range(TRIES):
        try:
            with repository.held():
                return _with_git(repository, directory, options, actor)
        except Rejected as error:
            said = str(error)
    raise Rejected(f"others pushed first {TRIES} times; nothing was pushed, run it again ({said})")


def _looked(directory: Path, options: SyncOptions, actor: Any) -> Sync:
    """Both directions as they would be, kept nowhere."""
    with transaction.atomic():
        found = scan([directory])
        taken = take(found, ImportOptions(dry_run=True), actor=actor)
        wanted = _wanted(options)
        given = Exporter(Folder(_root(found, directory)), wanted, actor).write()
        transaction.set_rollback(True)
    return Sync(taken, given)


def _with_folder(directory: Path, options: SyncOptions, actor: Any) -> Sync:
    """A file that somebody edits between reading and writing is left, and planned again."""
    directory.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, TRIES + 1):
        found, memory = scan([directory]), Memory()
        taken = take(found, actor=actor, memory=memory)
        exporter = Exporter(Folder(_root(found, directory)), _wanted(options), actor, memory)
        given = exporter.write()
        exporter.agree()
        if attempt == TRIES or not given.new_problems():
            break
    return Sync(taken, given)


def _with_git(repository: Repository, directory: Path, options: SyncOptions, actor: Any) -> Sync:
    repository.check_clean()
    repository.update()
    found, memory = scan([directory]), Memory()
    taken = take(found, actor=actor, memory=memory)
    folder = Gathered(_root(found, directory))
    note_commits(repository, folder.root)
    exporter = Exporter(folder, _wanted(options), actor, memory)
    given = exporter.write()
    if not folder.files:
        exporter.agree()
        return Sync(taken, given)
    run = exporter.begin()
    try:
        made = commits(run, folder.files, exporter.targets, exporter.at)
        tip = repository.write(made, committer(), folder.root)
        repository.push(tip)
    except BaseException:
        run.delete()
        raise
    repository.advance(tip)
    exporter.agree()
    return Sync(taken, given, len(made))


def _wanted(options: SyncOptions) -> ExportOptions:
    return ExportOptions(dry_run=options.dry_run, recreate=options.recreate, after_import=True)


def _root(found: Scan, directory: Path) -> Path:
    """The content folder that was read, where what is written belongs."""
    if len(found.roots) > 1:
        names = ", ".join(str(root) for root in found.roots)
        raise NothingToRead(f"{directory} holds several content folders ({names}); name one")
    return found.roots[0] if found.roots else directory
