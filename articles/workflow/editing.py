"""Editing what an article says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction as database
from django.utils import timezone

from ..models import Article, Topic
from ..states import Action, State, destination
from ..stories.counts import refresh
from . import audit
from .carrying import moves_coverage
from .content import checked
from .drafts import save_draft, topic_ids
from .effects import Act
from .rights import check, check_ranking
from .rows import locked, mark_siblings
from .wording import stale
from .writing import check_whole, differences, put, put_topics

COUNTED = frozenset({"quality", "published_at", "provider"})
"""Columns that the heat and the time of a story are made of."""


def edit(
    article: Article,
    actor: User,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    topics: Sequence[Topic] | None = None,
    comment: str = "",
    batch: str = "",
) -> Article:
    """Set columns of an article (`content.CHECKS` names them) and its topics; answers the row.

    None as a value means that the file has no such key; `topics` None leaves them. An edit that
    changes nothing leaves no trace. What is approved or unpublished is reviewed again when its
    text changed. Of a published article only ranking columns are edited; its text is drafted
    (`save_draft`). `batch` as for `transition`.

    Raises ValidationError by column, and ActRefused as `transition` does.
    """
    values = checked(changes)
    with database.atomic():
        row, now = locked(article.pk), timezone.now()
        if row.version != expected_version:
            return _answer_stale(row, actor, values, topics, expected_version, now)
        diff = differences(row, values, topics)
        if diff.keys() & audit.RANKING:
            check_ranking(row, actor)
        if not diff or diff.keys() - audit.RANKING:
            check(row, Action.EDIT, actor, now)
        if diff:
            act = Act(row, Action.EDIT, actor, now, comment.strip(), batch=batch)
            _carry_out(act, values, topics, diff)
        return row


def save(
    article: Article,
    actor: User,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    topics: Sequence[Topic] | None = None,
    batch: str = "",
) -> Article:
    """Whichever is right for the article: an edit, or of a live one a draft and its ranking."""
    with database.atomic():
        row = locked(article.pk)
        if row.state != State.PUBLISHED:
            return edit(
                row, actor, changes, expected_version=expected_version, topics=topics, batch=batch
            )
        places = {name: value for name, value in changes.items() if name in audit.RANKING}
        text = {name: value for name, value in changes.items() if name not in audit.RANKING}
        if places:
            row = edit(row, actor, places, expected_version=expected_version, batch=batch)
            expected_version = row.version
        if text or topics is not None:
            row = save_draft(
                row, actor, text, expected_version=expected_version, topics=topics, batch=batch
            )
        return row


def _answer_stale(
    row: Article,
    actor: User,
    values: Mapping[str, Any],
    topics: Sequence[Topic] | None,
    expected_version: int,
    now: datetime,
) -> Article:
    last = audit.last_act(row)
    is_own = last is not None and (last.actor_id, last.action) == (actor.pk, Action.EDIT)
    is_next = row.version == expected_version + 1
    if is_own and is_next and not differences(row, values, topics):
        return row
    raise stale(row, now)


def _carry_out(
    act: Act, values: Mapping[str, Any], topics: Sequence[Topic] | None, diff: audit.Changes
) -> None:
    row, now, start = act.article, act.now, State(act.article.state)
    stood = audit.standing(row)
    places = topic_ids(row) if topics is not None else None
    audit.keep(row, None, now)
    put(row, values)
    if topics is not None:
        put_topics(row, topics)
    check_whole(row, audit.content(row))
    _move(row, act.actor, start, is_ranking=diff.keys() <= audit.RANKING, now=now)
    row.save()
    audit.write_down(
        row,
        Action.EDIT,
        act.actor,
        now,
        changes=diff,
        from_state=start,
        revision=audit.keep(row, act.actor, now, is_edit=True),
        comment=act.comment,
        batch=act.batch,
        before={"columns": audit.before(stood, row), "topics": places},
    )
    mark_siblings(row)
    if COUNTED & diff.keys() or moves_coverage(row, start):
        refresh({row.story_id})


def _move(row: Article, actor: User, start: State, *, is_ranking: bool, now: datetime) -> None:
    """State and marks after an edit."""
    # With FOUR_EYES an approval that outlived an edit would let one person publish alone.
    reapprove = not is_ranking and (settings.REAPPROVE_ON_EDIT or settings.FOUR_EYES)
    to = destination(Action.EDIT, start, row.came_from, reapprove=reapprove)
    if to is not start:
        row.approved_revision = None
    row.state = to
    row.touched_at = now
    row.version += 1
    if not is_ranking:
        row.is_seal_stale = True
    if row.assignee_id == actor.pk:
        row.claimed_at = now
