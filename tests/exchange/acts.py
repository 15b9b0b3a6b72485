"""What happens in tests of the exchange: runs with their reports, acts of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles import workflow
from articles.exchange import ExportOptions, ImportOptions, Report, run_export, run_import
from articles.models import Article, Topic


def bring_in(*paths: Path, **options: Any) -> Report:
    """Import; the options of ImportOptions."""
    return run_import(paths, ImportOptions(**options))


def bring_out(folder: Path, **options: Any) -> Report:
    """Export; the options of ExportOptions."""
    return run_export(folder, ExportOptions(**options))


def counts(report: Report, kind: str = "article") -> dict[str, int]:
    """The outcomes of a kind that came up, counted."""
    return {outcome: count for outcome, count in report.totals()[kind].items() if count}


def article(slug: str) -> Article:
    """The row of a file."""
    return Article.objects.select_related("story", "provider").get(slug=slug)


def edit(
    slug: str, actor: User, *, topics: Sequence[Topic] | None = None, **changes: Any
) -> Article:
    """An edit on the desk; of a live article one that is published at once."""
    row = article(slug)
    row = workflow.save(row, actor, changes, expected_version=row.version, topics=topics)
    if row.draft_id is None:
        return row
    return workflow.transition(row, "publish_draft", actor, expected_version=row.version)


def act(slug: str, action: str, actor: User, **data: Any) -> Article:
    """A transition on the desk."""
    row = article(slug)
    data.setdefault("comment", "because")
    return workflow.transition(row, action, actor, expected_version=row.version, **data)


def command(*arguments: object) -> tuple[int, str, str]:
    """Exit code, output and errors of `manage.py frontmatter`."""
    out, err = StringIO(), StringIO()
    words = [str(argument) for argument in arguments]
    try:
        call_command("frontmatter", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()
