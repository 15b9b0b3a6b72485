"""Clearing the queue: what is left goes to the backlog in one act, and comes back in one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import Article, Transition
from ..states import UNDO
from ..workflow.rows import hold_stories, one_at_a_time

CLEAR = "clear"
"""What the audit calls being put aside."""

PERMISSION = "articles.review"
TIME = timedelta(minutes=10)
"""How long one's own clearing can be taken back."""

CHUNK = 1_000


def clear(queue: QuerySet[Article], actor: User, until: datetime, batch: str) -> int:
    """Put aside what of the queue had arrived at that time; the number of articles.

    What arrived after the actor looked stays. States do not change. Raises PermissionDenied.
    """
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    with transaction.atomic():
        one_at_a_time()
        waiting = queue.filter(arrived_at__lte=until, is_backlog=False)
        hold_stories(waiting)
        rows = list(waiting.select_for_update(of=("self",)).order_by("pk").only("state", "version"))
        _mark([row.pk for row in rows], is_backlog=True)
        _write_down(rows, actor, batch)
    return len(rows)


def restore(actor: User, batch: str) -> int:
    """Take back one's own clearing within TIME; the number of articles that wait again.

    What somebody decided meanwhile keeps its decision.
    """
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    since = timezone.now() - TIME
    with transaction.atomic():
        one_at_a_time()
        acts = Transition.objects.filter(batch=batch, actor=actor, action=CLEAR, at__gte=since)
        acts = acts.filter(undone_by=None, article__is_backlog=True).exclude(batch="")
        hold_stories(Article.objects.filter(pk__in=acts.values("article")))
        found = list(acts.select_related("article"))
        _mark([act.article_id for act in found], is_backlog=False)
        _write_down([act.article for act in found], actor, "", found)
    return len(found)


def _mark(ids: list[int], *, is_backlog: bool) -> None:
    for start in range(0, len(ids), CHUNK):
        rows = Article.objects.filter(pk__among=ids[start : start + CHUNK])
        rows.update(is_backlog=is_backlog)


def _write_down(
    rows: list[Article], actor: User, batch: str, undone: list[Transition] | None = None
) -> None:
    now = timezone.now()
    was = undone is not None
    Transition.objects.bulk_create(
        (
            Transition(
                article=row,
                action=UNDO if undone else CLEAR,
                from_state=row.state,
                to_state=row.state,
                actor=actor,
                changes={"is_backlog": [was, not was]},
                batch=batch,
                undoes=undone[index] if undone else None,
                version=row.version,
                at=now,
            )
            for index, row in enumerate(rows)
        ),
        batch_size=CHUNK,
    )
