"""Editing what an article says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction as database
from django.utils import timezone

from ..identity import number
from ..models import Article, ArticleTopic, Topic
from ..states import Action, State, destination
from ..stories import refresh
from . import audit
from .content import checked, limits
from .door import locked, mark_siblings
from .errors import GuardFailure, GuardsFailed
from .guards import failures
from .rights import check, check_ranking
from .wording import stale


def edit(
    article: Article,
    actor: User,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    topics: Sequence[Topic] | None = None,
    comment: str = "",
) -> Article:
    """Set columns of an article (`content.CHECKS` names them) and its topics; answers the row.

    None as a value means that the file has no such key; `topics` None leaves them. An edit that
    changes nothing leaves no trace. What is approved or unpublished is reviewed again when its
    text changed. A live article may not lose a publish guard that held.

    Raises ValidationError by column, and ActRefused as `transition` does.
    """
    values = checked(changes)
    with database.atomic():
        row, now = locked(article.pk), timezone.now()
        if row.version != expected_version:
            return _answer_stale(row, actor, values, topics, expected_version, now)
        diff = _differences(row, values, topics)
        if diff.keys() & audit.RANKING:
            check_ranking(row, actor)
        if not diff or diff.keys() - audit.RANKING:
            check(row, Action.EDIT, actor, now)
        if diff:
            _carry_out(row, actor, values, topics, diff, comment.strip(), now)
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
    if is_own and is_next and not _differences(row, values, topics):
        return row
    raise stale(row, now)


def _differences(
    row: Article, values: Mapping[str, Any], topics: Sequence[Topic] | None
) -> audit.Changes:
    before = {column: _shown(getattr(row, column)) for column in values}
    after = {column: _shown(value) for column, value in values.items()}
    if topics is not None:
        before["topics"] = [place.topic.name for place in _places(row)]
        after["topics"] = [topic.name for topic in topics]
    return audit.differences(before, after)


def _shown(value: Any) -> Any:
    return getattr(value, "domain", audit.as_json(value))


def _places(row: Article) -> list[ArticleTopic]:
    return list(row.topic_places.select_related("topic"))


def _carry_out(
    row: Article,
    actor: User,
    values: Mapping[str, Any],
    topics: Sequence[Topic] | None,
    diff: audit.Changes,
    comment: str,
    now: datetime,
) -> None:
    start = State(row.state)
    is_ranking = diff.keys() <= audit.RANKING
    broken = _broken_guards(row, now)
    audit.keep(row, None, now)
    _set(row, values)
    if topics is not None:
        _set_topics(row, topics)
    _check_whole(row)
    if start is State.PUBLISHED and (lost := _lost(broken, _broken_guards(row, now))):
        raise GuardsFailed(lost)
    _move(row, actor, start, is_ranking=is_ranking, now=now)
    row.save()
    revision = audit.keep(row, actor, now, is_edit=True)
    audit.write_down(
        row,
        Action.EDIT,
        actor,
        now,
        from_state=start,
        revision=revision,
        comment=comment,
        changes=diff,
    )
    mark_siblings(row)
    if "quality" in diff:
        refresh({row.story_id})


def _broken_guards(row: Article, now: datetime) -> list[GuardFailure]:
    if row.state != State.PUBLISHED:
        return []
    return failures(row, max(row.go_live_at or now, now))


def _lost(before: Sequence[GuardFailure], after: Sequence[GuardFailure]) -> list[GuardFailure]:
    """Guards that held until this edit; a file may have published what no person could."""
    fields = {failure.field for failure in before}
    return [failure for failure in after if failure.field not in fields]


def _set(row: Article, values: Mapping[str, Any]) -> None:
    link = row.link
    for column, value in values.items():
        if getattr(row, column) != value:
            setattr(row, column, value)
            if column == "provider":
                row.provider_name, row.provider_domain = value.name, value.domain
                row.provider_images = value.images or None
    if row.link != link:
        row.link_hash = number(row.link)


def _set_topics(row: Article, topics: Sequence[Topic]) -> None:
    if len({topic.pk for topic in topics}) != len(topics):
        raise ValidationError({"topics": "A topic stands here twice."})
    row.topic_places.all().delete()
    ArticleTopic.objects.bulk_create(
        ArticleTopic(article=row, topic=topic, position=position)
        for position, topic in enumerate(topics)
    )


def _check_whole(row: Article) -> None:
    if not row.link:
        raise ValidationError({"web_url": "An article needs a link."})
    if len(audit.content(row)) > limits().file_bytes:
        raise ValidationError({"body": "The article is too large for a file."})


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
