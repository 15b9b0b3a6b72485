"""Taking back what one has just done, exactly."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as database
from django.db.models import Q
from django.utils import timezone

from ..models import Article, Revision, Run, Story, Topic, Transition
from ..states import TABLE, UNDO, Action, Need, State
from ..stories import places
from ..stories.counts import refresh
from . import audit
from .errors import ActRefused, GuardFailure, GuardsFailed, NotPermitted, WrongState
from .guards import NOTES, failures
from .leads import STORY_ACTS
from .rights import PERMISSIONS, may_change
from .rows import locked, mark_siblings, one_at_a_time
from .upstream import KEEP
from .writing import put_topics

TIME = timedelta(minutes=10)
"""How long one's own act can be taken back."""

COLUMNS = {field.attname: field for field in Article._meta.concrete_fields}
STANDING = frozenset({"is_lead", "provider"})
"""Guards that others may have broken since; what the article says is as it was."""

ACTED_AT = ("touched_at", "state_acted_at")

GLIMPSE = timedelta(minutes=2)
"""What was public for less than this, and taken back, was never public."""

OTHER_RIGHTS = {KEEP: PERMISSIONS[Need.PUBLISH]}
"""Rights to acts that are neither in the table nor on stories."""

SHOWN = 500
"""Acts that are looked at to find those that can be taken back."""

LISTED = (
    *("action", "from_state", "to_state", "actor", "batch", "version", "at"),
    *("article__slug", "article__title", "article__story", "article__version"),
)
"""What lists of acts show; texts, and what undo would put back, are read by undo alone."""


@dataclass(slots=True)
class Undone:
    """What became of it: articles whose act was taken back, and those refused with the sentence."""

    done: list[Article] = field(default_factory=list)
    refused: list[tuple[Article, str]] = field(default_factory=list)


def undoable(actor: User) -> list[Transition]:
    """The actor's last acts that can be taken back now, newest first; one query."""
    since = timezone.now() - TIME
    acts = Transition.objects.filter(actor=actor, at__gte=since, undone_by=None)
    acts = acts.exclude(action=UNDO).exclude(before=None).select_related("article")
    found, reached = [], dict[int, int]()
    for act in acts.only(*LISTED).order_by("-id")[:SHOWN]:
        if act.version == reached.get(act.article_id, act.article.version):
            reached[act.article_id] = act.version - 1
            found.append(act)
    return found


def undo(actor: User, *, act: Transition | None = None, batch: str = "") -> Undone:
    """Take back one's own act, or all acts of a batch, within TIME and before anybody's later one.

    Acts that were one step (a lead that left and its successor; what was saved and published by
    one button) are taken back together or not at all; a refusal never touches the others of a
    batch. Raises nothing: why something was not taken back stands in the answer.
    """
    result = Undone()
    for step in _steps(_asked(actor, act, batch)):
        try:
            with database.atomic():
                if len(step) > 1 or any((act.before or {}).get("places") for act in step):
                    one_at_a_time()
                done = [_take_back(one, actor, timezone.now()) for one in step]
        except ActRefused as why:
            result.refused.append((step[-1].article, str(why)))
        else:
            # Each article once, as it is after the last of its acts.
            result.done += {row.pk: row for row in done}.values()
    return result


def _asked(actor: User, act: Transition | None, batch: str) -> Iterable[Transition]:
    acts = Transition.objects.select_related("article").order_by("-id")
    if batch:
        return acts.filter(actor=actor, batch=batch, undone_by=None).exclude(action=UNDO)
    act = act or next(iter(undoable(actor)), None)
    if act is None:
        return []
    step = Q(at=act.at, article__story=act.article.story_id)
    if act.batch:
        step |= Q(batch=act.batch, article=act.article_id, undone_by=None)
    return acts.filter(step, actor=act.actor_id).exclude(action=UNDO)


def _steps(acts: Iterable[Transition]) -> list[list[Transition]]:
    """Acts that belong together: done in one moment to one story, or by one call to one article."""
    steps: list[list[Transition]] = []
    known: dict[Any, list[Transition]] = {}
    for act in acts:
        keys = ((act.at, act.article.story_id), act.article_id)
        step = next((known[key] for key in keys if key in known), None)
        if step is None:
            steps.append(step := [])
        step.append(act)
        known |= dict.fromkeys(keys, step)
    return steps


def _take_back(act: Transition, actor: User, now: datetime) -> Article:
    row = locked(act.article_id)
    _check(act, row, actor, now)
    start, before, stood = State(row.state), audit.snapshot(row), audit.standing(row)
    put_back = dict(act.before or {})
    columns = put_back.get("columns", {}) | _after_exports(act, row) | _after_glimpse(act, row, now)
    for name, value in columns.items():
        setattr(row, name, COLUMNS[name].to_python(value))
    _check_public(act, row, start, now)
    row.version += 1
    row.save()
    _put_back_others(act, row, put_back)
    audit.write_down(
        row,
        UNDO,
        actor,
        now,
        changes=audit.differences(before, audit.snapshot(row)),
        from_state=start,
        revision=audit.keep(row, actor, now),
        undoes=act,
        batch="",
    )
    if audit.before(stood, row):
        mark_siblings(row)
    if stood_there := put_back.get("places"):
        places.put_back(stood_there, actor.pk)
        row.refresh_from_db()
    refresh({row.story_id})
    return row


def _check(act: Transition, row: Article, actor: User, now: datetime) -> None:
    if act.actor_id != actor.pk:
        raise NotPermitted("Only who did it can undo it.")
    if act.before is None:
        raise WrongState("This cannot be undone.")
    if Transition.objects.filter(undoes=act).exists():
        raise WrongState("It has been undone already.")
    if now - act.at > TIME:
        raise WrongState(f"It was done more than {TIME.seconds // 60} minutes ago.")
    if not _is_last(act, row):
        raise WrongState("Something has happened to it since; look at it again.")
    if not (actor.is_active and _has_right(act, row, actor)):
        raise NotPermitted("You may no longer do that, nor undo it.")


def _is_last(act: Transition, row: Article) -> bool:
    """Whether the row is as the act left it: whatever came later was taken back."""
    later = row.transitions.filter(pk__gt=act.pk).order_by("-id")
    last = later.values_list("version", flat=True).first() or act.version
    is_quiet = not later.exclude(action=UNDO).filter(undone_by=None).exists()
    return is_quiet and row.version == last


def _has_right(act: Transition, row: Article, actor: User) -> bool:
    """Who has lost the right to an act has lost the one to take it back."""
    if act.action not in set(Action):
        return actor.has_perm(OTHER_RIGHTS.get(act.action, STORY_ACTS))
    need = TABLE[Action(act.action)].need
    if need is Need.CHANGE:
        return may_change(row, actor)
    if need is Need.SUPERUSER:
        return actor.is_superuser
    return actor.has_perm(PERMISSIONS[Need.REVIEW if need is Need.ASSIGNEE else need])


def _after_exports(act: Transition, row: Article) -> dict[str, Any]:
    """Files that were written meanwhile tell of the act; they have to be told of this one too."""
    runs = Run.objects.filter(kind=Run.Kind.EXPORT)
    if runs.exclude(finished_at__lt=act.at).exists():
        return {
            name: audit.as_json(getattr(row, name)) for name in ("touched_at", "state_acted_at")
        }
    return {}


def _after_glimpse(act: Transition, row: Article, now: datetime) -> dict[str, Any]:
    """What readers have seen for longer than a glimpse was public, and stays known as gone."""
    live = row.go_live_at
    if row.state != State.PUBLISHED or live is None or now - max(live, act.at) < GLIMPSE:
        return {}
    return {"first_published_at": audit.as_json(row.first_published_at)}


def _check_public(act: Transition, row: Article, start: State, now: datetime) -> None:
    """What was public is so again, unless something new stands against it."""
    if row.state != State.PUBLISHED or start is State.PUBLISHED:
        return
    found = [one for one in failures(row, now) if one.field in STANDING and not one.is_editorial]
    notes = row.notes.filter(is_blocking=True, resolved_at=None, created_at__gt=act.at)
    found += [GuardFailure(NOTES, f"A note blocks it: {note.text}") for note in notes]
    if found:
        raise GuardsFailed(found)


def _put_back_others(act: Transition, row: Article, put_back: dict[str, Any]) -> None:
    ids = put_back.get("topics")
    if ids is not None:
        topics = Topic.objects.in_bulk(ids)
        put_topics(row, [topics[pk] for pk in ids if pk in topics])
    if story := put_back.get("story"):
        Story.objects.filter(pk=row.story_id).update(**story)
    if (text := put_back.get("draft")) and act.revision_id:
        data = zlib.compress(text.encode())
        Revision.objects.filter(pk=act.revision_id).update(data=data)
