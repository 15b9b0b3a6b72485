"""What the newsroom need not keep for ever, by the KEEP_…_DAYS of its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import Article, FrontSnapshot, Revision, Run, ShareLink, Transition, Upload
from ..states import Action

AT_ONCE = 1000
"""Rows of one transaction, so that nobody waits long for the database."""

MADE_PUBLIC = (Action.APPROVE, Action.PUBLISH, Action.PUBLISH_DRAFT, Action.REPUBLISH)


class Pruned(NamedTuple):
    """How many rows of a kind were let go, or would be; `days` is None for what is kept."""

    what: str
    days: int | None
    rows: int


def prune(*, is_rehearsal: bool) -> Iterator[Pruned]:
    """Let go of what is older than the settings say; a rehearsal only counts."""
    now = timezone.now()
    for what, setting, rows, let_go in _KINDS:
        days: int = getattr(settings, setting)
        if not days:
            yield Pruned(what, None, 0)
            continue
        found = rows(now - timedelta(days=days))
        yield Pruned(what, days, found.count() if is_rehearsal else _all(found, let_go))


def _all(found: QuerySet[Any], let_go: Callable[[QuerySet[Any]], object]) -> int:
    done = 0
    while some := list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            let_go(found.model._base_manager.filter(pk__in=some))
        done += len(some)
    return done


def acts(before: datetime) -> QuerySet[Transition]:
    """Acts that nothing asks for any more.

    The last of each kind on each article stays, since the workflow goes by it; so do those that
    made an article, that were undone or undid, and what readers were told of a correction.
    """
    same = Transition.objects.filter(article=OuterRef("article"), action=OuterRef("action"))
    is_followed = Exists(same.filter(pk__gt=OuterRef("pk")))
    old = Transition.objects.filter(is_followed, at__lt=before, public_note="")
    return old.filter(undoes=None, undone_by=None).exclude(from_state="")


def accounts(before: datetime) -> QuerySet[LogEntry]:
    """What was done to accounts, and in Django's own forms."""
    return LogEntry.objects.filter(action_time__lt=before)


def revisions(before: datetime) -> QuerySet[Revision]:
    """Texts that were never public or approved, are no draft, not shared, and not the newest."""
    later = Revision.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    here = Q(approved_revision=OuterRef("pk")) | Q(draft=OuterRef("pk"))
    used = (
        Article.objects.filter(here | Q(draft_base=OuterRef("pk")), pk=OuterRef("article")),
        ShareLink.objects.filter(revision=OuterRef("pk")),
        Transition.objects.filter(revision=OuterRef("pk"), action__in=MADE_PUBLIC),
    )
    old = Revision.objects.filter(Exists(later), created_at__lt=before)
    return old.exclude(Exists(used[0])).exclude(Exists(used[1])).exclude(Exists(used[2]))


def reports(before: datetime) -> QuerySet[Run]:
    """Runs whose report of every file can go; the run itself stays, with its totals."""
    newest = Run.objects.filter(kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    return Run.objects.filter(Exists(newest), finished_at__lt=before, report__isnull=False)


def plans(before: datetime) -> QuerySet[Upload]:
    """Uploads that are over, and what was planned of them."""
    over = (Upload.Standing.DONE, Upload.Standing.FAILED, Upload.Standing.DROPPED)
    return Upload.objects.filter(standing__in=over, changed_at__lt=before, plan__isnull=False)


def snapshots(before: datetime) -> QuerySet[FrontSnapshot]:
    """How the front page stood."""
    return FrontSnapshot.objects.filter(at__lt=before)


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


_KINDS: tuple[tuple[str, str, Callable[[datetime], Any], Callable[[Any], object]], ...] = (
    ("acts of the audit", "KEEP_AUDIT_DAYS", acts, _delete),
    ("entries on accounts", "KEEP_AUDIT_DAYS", accounts, _delete),
    ("revisions", "KEEP_REVISION_DAYS", revisions, _delete),
    ("reports of runs", "KEEP_RUN_DAYS", reports, lambda rows: rows.update(report=None)),
    ("plans of uploads", "KEEP_RUN_DAYS", plans, lambda rows: rows.update(plan=None)),
    ("snapshots of the front page", "KEEP_SNAPSHOT_DAYS", snapshots, _delete),
)
