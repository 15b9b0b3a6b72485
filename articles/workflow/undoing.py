"""Taking back what one has just done, exactly."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as database
from django.db.models import Q
from django.utils import timezone

from ..models import Article, Revision, Run, Story, Topic, Transition
from ..states import TABLE, UNDO, Action, Need, State
from ..stories import places, placing
from ..stories.counts import refresh
from . import audit
from .errors import ActRefused, GuardFailure, GuardsFailed, NotPermitted, WrongState
from .guards import NOTES, failures
from .leads import STORY_ACTS, SWAP
from .rights import PERMISSIONS, RANKING, may_change
from .rows import locked, mark_siblings, one_at_a_time
from .upstream import KEEP
from .writing import put_topics

TIME = timedelta(minutes=10)
"""How long one's own act can be taken back."""

TIME_OF_SYSTEM = timedelta(hours=24)
"""How long anybody with the right to it can take back what the newsroom did by itself."""

COLUMNS = {field.attname: field for field in Article._meta.concrete_fields}
STANDING = frozenset({"is_lead", "provider"})
"""Guards that others may have broken since; what the article says is as it was."""

ACTED_AT = ("touched_at", "state_acted_at")

GLIMPSE = timedelta(minutes=2)
"""What was public for less than this, and taken back, was never public."""

OTHER_RIGHTS = {
    KEEP: PERMISSIONS[Need.PUBLISH],
    **dict.fromkeys((placing.PLACE, placing.UNPLACE), RANKING),
}
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
    """What became of each step: the articles acted on, and those refused with the sentence."""

    done: list[Article] = field(default_factory=list)
    refused: list[tuple[Article, str]] = field(default_factory=list)
    asks: places.NewcomersCame | None = None
    """Why one was refused, where saying where newcomers go is all that is missing."""


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


def last_of(actor: User) -> Transition | None:
    """What the actor would say was done last: the act, and not the lead that changed with it."""
    acts = undoable(actor)
    if not acts:
        return None
    newest = acts[0]
    story = newest.article.story_id
    return meant([act for act in acts if act.at == newest.at and act.article.story_id == story])


def meant(step: Sequence[Transition]) -> Transition:
    """Of the acts of one step, newest first, the one that was pressed."""
    return next((act for act in reversed(step) if act.action != SWAP), step[0])


def undo(
    actor: User,
    *,
    act: Transition | None = None,
    batch: str = "",
    newcomers: int | None = None,
) -> Undone:
    """Take back one's own act, or all acts of a batch, within TIME and before anybody's later one.

    Acts that were one step (a lead that left and its successor; what was saved and published by
    one button) are taken back together or not at all; a refusal never touches the others of a
    batch. `newcomers` says where articles go that joined the stories since: to the story of the
    article of that id, or with `places.OWN` to one of their own. Raises nothing: why something was
    not taken back stands in the answer.
    """
    result = Undone()
    for step in _steps(_asked(actor, act, batch)):
        try:
            with database.atomic():
                if len(step) > 1 or any((act.before or {}).get("places") for act in step):
                    one_at_a_time()
                _check_lead(step)
                rows = [_take_back(one, actor, timezone.now(), newcomers) for one in step]
        except ActRefused as why:
            result.refused.append((step[-1].article, str(why)))
            if isinstance(why, places.NewcomersCame):
                result.asks = why
        else:
            # The article that was pressed on, as it is after the last of its acts.
            known = {row.pk: row for row in rows}
            result.done.append(known[meant(step).article_id])
    return result


def time_of(act: Transition) -> timedelta:
    """How long an act can be taken back."""
    return TIME if act.actor_id else TIME_OF_SYSTEM


def may_undo(act: Transition, actor: User) -> bool:
    """Whether it is the actor's to take back, its own or what the newsroom did by itself."""
    return act.actor_id == actor.pk or (
        act.actor_id is None and _has_right(act, act.article, actor)
    )


def _spelled(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} hours" if minutes >= 120 else f"{minutes} minutes"


def _asked(actor: User, act: Transition | None, batch: str) -> Iterable[Transition]:
    acts = Transition.objects.select_related("article").order_by("-id")
    if batch:
        return acts.filter(actor=actor, batch=batch, undone_by=None).exclude(action=UNDO)
    act = act or next(iter(undoable(actor)), None)
    if act is None:
        return []
    step = Q(at=act.at)
    if act.batch:
        step |= Q(batch=act.batch, article=act.article_id, undone_by=None)
    found = list(acts.filter(step, actor=act.actor_id, run=act.run_id).exclude(action=UNDO))
    if any(one.action == SWAP for one in found):
        return found
    story = act.article.story_id
    return [one for one in found if one.at != act.at or one.article.story_id == story]


def _steps(acts: Iterable[Transition]) -> list[list[Transition]]:
    """Acts that belong together: done in one moment to one story, or by one call to one article.

    Who gave the lead away belongs to who got it, wherever it has gone since.
    """
    steps: list[list[Transition]] = []
    known: dict[Any, list[Transition]] = {}
    rows = list(acts)
    swaps = {act.at for act in rows if act.action == SWAP}
    for act in rows:
        story = None if act.at in swaps else act.article.story_id
        keys = ((act.at, story), act.article_id)
        step = next((known[key] for key in keys if key in known), None)
        if step is None:
            steps.append(step := [])
        step.append(act)
        known |= dict.fromkeys(keys, step)
    return steps


def _check_lead(step: list[Transition]) -> None:
    """Who gave and who got the lead are in one story still, and one of them leads it."""
    if not any(act.action == SWAP for act in step):
        return
    ids = {act.article_id for act in step}
    stories = set(Article.objects.filter(pk__in=ids).values_list("story", flat=True))
    if len(stories) > 1:
        raise WrongState("One of them went to another story since. Join and lead by hand.")
    if not Article.objects.filter(story__in=stories, is_lead=True, pk__in=ids).exists():
        raise WrongState("The story got another lead since. Lead by hand.")


def _take_back(
    act: Transition, actor: User, now: datetime, newcomers: int | None = None
) -> Article:
    row = locked(act.article_id)
    _check(act, row, actor, now)
    start, before, stood = State(row.state), audit.snapshot(row), audit.standing(row)
    put_back = dict(act.before or {})
    seen = _after_glimpse(act, row, now)
    columns = put_back.get("columns", {}) | _after_exports(act, row) | seen
    if seen:
        # The address that readers saw stays known.
        put_back.get("story", {}).pop("slug", None)
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
    if put_back.get("places"):
        places.put_back(act, actor.pk, now, newcomers)
        if not _is_exported(act):
            places.restore_marks(put_back["places"], act)
        row.refresh_from_db()
    refresh({row.story_id})
    return row


def _check(act: Transition, row: Article, actor: User, now: datetime) -> None:
    if act.actor_id not in (actor.pk, None):
        raise NotPermitted("Only who did it can undo it.")
    if act.before is None:
        raise WrongState("This cannot be undone.")
    if Transition.objects.filter(undoes=act).exists():
        raise WrongState("It has been undone already.")
    if now - act.at > time_of(act):
        raise WrongState(f"It was done more than {_spelled(time_of(act))} ago.")
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
    if not _is_exported(act):
        return {}
    return {name: audit.as_json(getattr(row, name)) for name in ACTED_AT}


def _is_exported(act: Transition) -> bool:
    runs = Run.objects.filter(kind=Run.Kind.EXPORT)
    return runs.exclude(finished_at__lt=act.at).exists()


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
    if "placement" in put_back:
        placing.put_back(row.story_id, put_back["placement"])
    if story := put_back.get("story"):
        Story.objects.filter(pk=row.story_id).update(**story)
    if (text := put_back.get("draft")) and act.revision_id:
        data = zlib.compress(text.encode())
        Revision.objects.filter(pk=act.revision_id).update(data=data)
