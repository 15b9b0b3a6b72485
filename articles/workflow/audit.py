"""What is written down about every act: a revision of the content and one audit row."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from ..frontmatter.schema import ARTICLE
from ..frontmatter.write import write
from ..models import Article, Revision, Transition
from ..printing import printed
from ..states import Action

SITTING = timedelta(minutes=5)
"""Consecutive saves of one person within this time share one revision."""

TRACKED = (
    "assignee_id",
    "go_live_at",
    "expire_at",
    "first_published_at",
    "came_from",
    "approved_revision_id",
)
"""Columns besides the state that an act may change."""

RANKING = frozenset({"quality"})
"""Columns that only place an article; editing them leaves its text as it was approved."""

Changes = dict[str, list[Any]]


def snapshot(article: Article) -> dict[str, Any]:
    """The tracked columns as they are now, in types of JSON."""
    return {column: as_json(getattr(article, column)) for column in TRACKED}


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """[before, after] of every key whose value changed."""
    return {key: [before[key], after[key]] for key in before if before[key] != after[key]}


def as_json(value: Any) -> Any:
    """A column's value as it stands in an audit row."""
    return value.isoformat() if isinstance(value, datetime) else value


def content(article: Article) -> bytes:
    """The article as a file without `related` and `secured`, uncompressed."""
    places = article.topic_places.select_related("topic")
    names = [place.topic.name for place in places]
    return write(printed(article, names), ARTICLE, article.body)


def keep(article: Article, actor: User | None, now: datetime, *, is_edit: bool = False) -> Revision:
    """The revision that holds the article's present content; written only when there is none."""
    data = zlib.compress(content(article))
    latest = article.revisions.first()
    if latest is not None and bytes(latest.data) == data:
        return latest
    if latest is not None and is_edit and _is_same_sitting(latest, actor, now):
        latest.data = data
        latest.save(update_fields=["data"])
        return latest
    return Revision.objects.create(article=article, data=data, actor=actor, created_at=now)


def _is_same_sitting(latest: Revision, actor: User | None, now: datetime) -> bool:
    """Whether an edit may replace the latest revision: nobody has decided anything on it."""
    if actor is None or latest.actor_id != actor.pk or now - latest.created_at > SITTING:
        return False
    decided = Transition.objects.filter(revision=latest).exclude(action=Action.EDIT)
    return not decided.exists()


def write_down(
    article: Article,
    action: Action,
    actor: User,
    now: datetime,
    *,
    from_state: str,
    revision: Revision,
    comment: str,
    changes: Changes,
) -> None:
    """The audit row of an act that is done; the article carries its new state and version."""
    Transition.objects.create(
        article=article,
        action=action,
        from_state=from_state,
        to_state=article.state,
        actor=actor,
        comment=comment,
        changes=changes or None,
        revision=revision,
        version=article.version,
        at=now,
    )


def last_act(article: Article) -> Transition | None:
    """What was done last, by whomever."""
    return article.transitions.select_related("actor").order_by("-id").first()


def last_content_editor(article: Article) -> int | None:
    """The id of the person who last changed the text or wrote it; None when a file did."""
    acts = article.transitions.order_by("-id")
    for action, before, actor, changes in acts.values_list(
        "action", "from_state", "actor", "changes"
    ):
        if before == "" or (action == Action.EDIT and set(changes or {}) - RANKING):
            return int(actor) if actor is not None else None
    return None


def is_written_by(article: Article, actor: User) -> bool:
    """Whether that person made the article here."""
    return article.transitions.filter(from_state="", actor=actor.pk).exists()


def is_edited_since(article: Article, action: Action) -> bool:
    """Whether a person changed the text after the action was last done."""
    for name, changes in article.transitions.order_by("-id").values_list("action", "changes"):
        if name == action:
            return False
        if name == Action.EDIT and set(changes or {}) - RANKING:
            return True
    return False
