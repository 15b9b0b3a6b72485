"""`manage.py frontmatter`: content folders in and out."""

from __future__ import annotations

import argparse
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
)

from articles.exchange import (
    Busy,
    ExportOptions,
    GitError,
    ImportOptions,
    NoSuchConflict,
    NothingToRead,
    SyncOptions,
    resolve,
    run_check,
    run_export,
    run_import,
    run_sync,
)
from articles.management.console import Console, arguments

CANNOT_RUN = 2
CUT_OFF = (OperationalError, InterfaceError, InternalError)
"""What a database says that is away, full or, as PostgreSQL does, not to be written."""


class Command(BaseCommand):
    """Thin: arguments, one call into `articles.exchange`, one report."""

    # They load every page of the site, which neither import nor `check` have a use for.
    requires_system_checks = ()
    help = (
        "Import, export, check and sync content folders of Markdown files with YAML front matter."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = getattr(self, f"_{options['action']}")(Console(self, options), options)
        except (Busy, GitError, NothingToRead, NoSuchConflict, OSError) as error:
            raise CommandError(str(error), returncode=CANNOT_RUN) from error
        except (*CUT_OFF, ProgrammingError) as error:
            raise CommandError(_unusable(error), returncode=CANNOT_RUN) from error
        except KeyboardInterrupt:
            raise CommandError("interrupted; run it again to go on", returncode=130) from None
        if code:
            raise SystemExit(code)

    def _import(self, console: Console, options: dict[str, Any]) -> int:
        wanted = ImportOptions(options["dry_run"], options["as_drafts"], options["jobs"])
        with console.progress("import") as progress:
            report = run_import(options["paths"], wanted, progress=progress)
        console.show(report)
        return report.exit_code(strict=options["strict"])

    def _check(self, console: Console, options: dict[str, Any]) -> int:
        report = run_check(options["paths"], jobs=options["jobs"])
        console.show(report)
        return report.exit_code()

    def _export(self, console: Console, options: dict[str, Any]) -> int:
        names = ("only", "dry_run", "check", "force", "recreate")
        wanted = ExportOptions(
            slugs=tuple(options["slug"]), **{name: options[name] for name in names}
        )
        with console.progress("export") as progress:
            report = run_export(options["directory"], wanted, progress=progress)
        console.show(report)
        differs = any(file.outcome in ("created", "updated") for file in report.files)
        return int(bool(report.exit_code() or (options["check"] and differs)))

    def _sync(self, console: Console, options: dict[str, Any]) -> int:
        names = ("dry_run", "recreate", "git")
        wanted = SyncOptions(**{name: options[name] for name in names})
        while options["watch"]:
            # What is in the way now, a network, a work tree or a full disk, may be gone in a while.
            try:
                console.show_sync(run_sync(options["directory"], wanted))
            except (Busy, GitError, OSError) as error:
                self.stderr.write(str(error))
            except CUT_OFF as error:
                self.stderr.write(_unusable(error))
                close_old_connections()
            sleep(options["watch"])
        sync = run_sync(options["directory"], wanted)
        console.show_sync(sync)
        return sync.exit_code()

    def _resolve(self, console: Console, options: dict[str, Any]) -> int:
        resolve(options["slug"], options["key"], options["resolution"])
        console.say(f"{options['slug']}: {options['key']} is {options['resolution']}")
        return 0


def _unusable(error: Exception) -> str:
    is_old = "no such" in str(error) or isinstance(error, ProgrammingError)
    hint = "; is `manage.py migrate` done?" if is_old else "; nothing is half done, run it again"
    return f"the database cannot be used: {str(error).strip()}{hint}"
