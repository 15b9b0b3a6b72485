"""The queue: a table, in which a task is written by the same transaction as what it is for.

A worker that dies leaves its task at work; the next one takes it up again. So each function does
what is left to do when it is called once more, and nothing twice: an import meets its own bases, a
notice is marked before it is mailed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from importlib import import_module

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..models import Task

Standing = Task.Standing

KINDS = {
    "upload": "articles.uploads.jobs",
    "sync": "articles.exchange.asking",
    "mail": "articles.workflow.mail",
    "purge": "articles.public.purging",
    "publish": "articles.publishing.jobs",
    "pictures": "articles.images.working",
}
"""Modules with a function `work_on(key)` for each kind, which says what came of it; they ask for
work here themselves."""

LOOKED_AFTER = ("purge", "publish", "pictures")
"""Kinds whose module has `look(at)`, which asks for what no request asked for."""

LANES = (("upload", "sync", "publish", "pictures"), ("mail", "purge"))
"""What may take long, and what waits for none of it."""

MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)
"""After the first failure; each further one doubles it."""
LONGEST_PAUSE = FIRST_PAUSE * 2**MOST_ATTEMPTS
BUSY_PAUSE = timedelta(seconds=5)
REST = timedelta(minutes=15)
"""After it was given up, for what nobody has to ask for."""
KEPT = timedelta(days=7)
"""How long what is done is still listed."""

log = logging.getLogger(__name__)


class Later(Exception):
    """Nothing is wrong, but it cannot be done just now; the message says why."""


def add(kind: str, key: object, due: datetime | None = None) -> None:
    """Ask for a task, in the transaction at hand; one that waits already does for both."""
    now = timezone.now()
    wanted = Task(kind=kind, key=str(key), made_at=now, due_at=due or now)
    Task.objects.bulk_create([wanted], ignore_conflicts=True)


def look_after(kind: str, key: str, due: datetime) -> None:
    """Ask for what has to be done again and again, for a `look`: one waits, or rests after it was
    given up and is then tried once more."""
    known = Task.objects.filter(kind=kind, key=key)
    if known.filter(standing__in=(Standing.WAITING, Standing.WORKING)).exists():
        return
    if (given_up := known.filter(standing=Standing.FAILED).first()) is None:
        add(kind, key, due)
    elif given_up.ended_at is None or given_up.ended_at < timezone.now() - REST:
        again(given_up)


def look(kinds: Iterable[str]) -> None:
    """Ask for what these kinds should do by themselves."""
    for kind in kinds:
        if kind in LOOKED_AFTER:
            import_module(KINDS[kind]).look(timezone.now())


def failed() -> QuerySet[Task]:
    """Those that were given up."""
    return Task.objects.filter(standing=Standing.FAILED)


def again(task: Task) -> bool:
    """Try once more what was given up; False when it waits already or somebody else was first."""
    now = timezone.now()
    return _move(task, Standing.FAILED, Standing.WAITING, attempts=0, due_at=now, ended_at=None)


def recover() -> int:
    """Take up what a worker that died was at; how many. The caller is the only worker."""
    left = list(Task.objects.filter(standing=Standing.WORKING))
    for task in left:
        _try_again(task, "The worker ended on the way.")
    return len(left)


def work_one(kinds: Collection[str] = tuple(KINDS)) -> str | None:
    """Do the task of these kinds that is due longest; what came of it, None when none is due."""
    task = _claimed(kinds)
    if task is None:
        return None
    work_on: Callable[[str], str] = import_module(KINDS[task.kind]).work_on
    try:
        said = work_on(task.key)
    except Later as later:
        said = f"{task}: {later}"
        due = timezone.now() + BUSY_PAUSE
        _back(task, due_at=due, error=str(later), attempts=task.attempts - 1)
    except Exception as error:
        log.exception("task %s failed", task)
        said = f"{task}: {type(error).__name__}"
        _try_again(task, f"{type(error).__name__}: {error}"[:1000])
    else:
        _move(task, Standing.WORKING, Standing.DONE, ended_at=timezone.now(), error="")
        _forget(task)
    return said


def _forget(task: Task) -> None:
    """Old ones, and those that this one did for."""
    old = Q(standing=Standing.DONE, ended_at__lt=timezone.now() - KEPT)
    if task.kind in LOOKED_AFTER:
        over = Q(standing__in=(Standing.DONE, Standing.FAILED))
        old |= over & Q(kind=task.kind, key=task.key, pk__lt=task.pk)
    Task.objects.filter(old).delete()


def _claimed(kinds: Collection[str]) -> Task | None:
    """One statement decides which of two workers does it."""
    now = timezone.now()
    # Nothing waits longer than that: the clock was set back since.
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + LONGEST_PAUSE)
    due = Task.objects.filter(is_due, standing=Standing.WAITING, kind__in=kinds)
    for task in due.order_by("due_at", "pk")[:10]:
        if _move(task, Standing.WAITING, Standing.WORKING, attempts=F("attempts") + 1):
            task.refresh_from_db()
            return task
    return None


def _try_again(task: Task, why: str) -> None:
    if task.attempts >= MOST_ATTEMPTS:
        _move(task, Standing.WORKING, Standing.FAILED, error=why, ended_at=timezone.now())
        return
    pause = FIRST_PAUSE * 2 ** max(task.attempts - 1, 0)
    _back(task, due_at=timezone.now() + pause, error=why)


def _back(task: Task, **columns: object) -> None:
    """Let it wait; when the same was asked for meanwhile, that one does for both."""
    if not _move(task, Standing.WORKING, Standing.WAITING, **columns):
        _move(task, Standing.WORKING, Standing.DONE, ended_at=timezone.now())


def _move(task: Task, before: Standing, after: Standing, **columns: object) -> bool:
    rows = Task.objects.filter(pk=task.pk, standing=before)
    try:
        with transaction.atomic():
            return bool(rows.update(standing=after, **columns))
    except IntegrityError:
        return False
