"""What is written down about every act: a revision of the content and one audit row."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from ..frontmatter.read import read
from ..frontmatter.record import Limits, Record
from ..frontmatter.schema import ARTICLE, Key, Schema, Type
from ..frontmatter.write import write
from ..models import Article, Revision, Transition
from ..printing import printed
from ..states import UNDO, Action, State
from .system import on_record

MEMBERS = "members"
"""The key of a revision that no file has: the stems of the story's other members."""

ANY = Limits(file_bytes=10**9, nodes=10**8, title=10**9, link=10**9, excerpt=10**9)
LINKS = (Type.LINK, Type.IMAGE_LINK)

SITTING = timedelta(minutes=5)
"""Consecutive saves of one person within this time share one revision."""

TRACKED = (
    "assignee_id",
    "go_live_at",
    "expire_at",
    "first_published_at",
    "came_from",
    "approved_revision_id",
    "draft_id",
)
"""Columns besides the state that an act may change, as an audit row shows them."""

NOT_PUT_BACK = frozenset({"id", "slug", "version", "marked", "run_id", "warnings"})
"""Columns that undo leaves alone."""

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


def standing(article: Article) -> dict[str, Any]:
    """Every column that undo may have to put back, in types of JSON."""
    names = (field.attname for field in Article._meta.concrete_fields)
    return {name: as_json(getattr(article, name)) for name in names if name not in NOT_PUT_BACK}


def before(stood: dict[str, Any], article: Article) -> dict[str, Any]:
    """What stood in the columns that are different now."""
    now = standing(article)
    return {name: value for name, value in stood.items() if now[name] != value}


def content(article: Article) -> bytes:
    """The article as a file without `related` and `secured`, uncompressed."""
    places = article.topic_places.select_related("topic")
    names = [place.topic.name for place in places]
    return write(printed(article, names), ARTICLE, article.body)


def kept(article: Article) -> bytes:
    """What a revision holds: the content, and as one more key the stems of the other members.

    They stand in order of name: the machine's scores would move them every hour.
    """
    members = Article.objects.filter(story=article.story_id).exclude(pk=article.pk)
    stems = json.dumps(
        list(members.order_by("slug").values_list("slug", flat=True)), ensure_ascii=False
    )
    # The canonical form keeps every text on one line, so that this is the closing fence.
    head, fence, body = content(article).partition(b"\n---\n")
    return head + f"\n{MEMBERS}: {stems}".encode() + fence + body


def _unchecked(key: Key) -> Key:
    if key.keys is not None:
        key = replace(
            key, keys=Schema("part of a revision", tuple(map(_unchecked, key.keys.order)))
        )
    return replace(key, type=Type.TEXT) if key.type in LINKS else key


REVISION = Schema("revision", tuple(map(_unchecked, ARTICLE.order)))
"""An article's keys for reading what was kept: rules and bounds that came later, or a row that was
filled past them, hide nothing that was said."""


def record_of(kept: bytes) -> Record:
    """What a revision holds, given its bytes; `members` stand among the unknown keys."""
    return read(kept, REVISION, ANY)


def latest_of(article: Article) -> Revision | None:
    """The row's newest revision; what is drafted is no version of the row."""
    found = article.revisions.all()
    return (found.exclude(pk=article.draft_id) if article.draft_id else found).first()


def keep(article: Article, actor: User | None, now: datetime, *, is_edit: bool = False) -> Revision:
    """The revision that holds the article's present content; written only when there is none."""
    data = zlib.compress(kept(article))
    latest = latest_of(article)
    if latest is not None and bytes(latest.data) == data:
        return latest
    if latest is not None and is_edit and _is_same_sitting(latest, actor, now):
        latest.data = data
        latest.save(update_fields=["data"])
        return latest
    return Revision.objects.create(
        article=article, data=data, actor=on_record(actor), created_at=now
    )


def _is_same_sitting(latest: Revision, actor: User | None, now: datetime) -> bool:
    """Whether an edit may replace the latest revision: nobody has decided anything on it."""
    if actor is None or latest.actor_id != actor.pk or now - latest.created_at > SITTING:
        return False
    decided = Transition.objects.filter(revision=latest).exclude(action=Action.EDIT)
    return not decided.exists()


def write_down(
    article: Article,
    action: Action | str,
    actor: User | None,
    now: datetime,
    *,
    changes: Changes | None = None,
    **more: Any,
) -> Transition:
    """The audit row of an act that is done; the article carries its new state and version.

    `more` are columns of the row: from_state, revision, comment, reason, public_note, batch,
    before, undoes.
    """
    return Transition.objects.create(
        article=article,
        action=str(action),
        to_state=article.state,
        actor=on_record(actor),
        changes=changes or None,
        version=article.version,
        at=now,
        **more,
    )


def last_act(article: Article) -> Transition | None:
    """What was done last, by whomever."""
    return article.transitions.select_related("actor").order_by("-id").first()


def rejections(link_hashes: Iterable[int]) -> list[tuple[Article, Transition | None]]:
    """What people spiked or withdrew of these links, each with the act, the latest last."""
    out = [State.SPIKED, State.WITHDRAWN]
    found = Article.objects.filter(link_hash__among=list(link_hashes), state__in=out)
    rows = list(found.filter(touched_at__isnull=False).only("slug", "state", "link_hash"))
    if not rows:
        return []
    acts = Transition.objects.filter(article__in=rows, to_state__in=out, undone_by=None)
    last = {act.article_id: act for act in acts.select_related("actor").order_by("pk")}
    return [(row, last.get(row.pk)) for row in rows]


Acts = list[tuple[str, str, int | None, Any]]
"""(action, from_state, actor, changes) of what was done to an article, newest first."""


def acts_of(articles: Iterable[Article]) -> dict[int, Acts]:
    """What was done to each of these articles and not taken back; one query."""
    found: dict[int, Acts] = {article.pk: [] for article in articles}
    rows = Transition.objects.filter(article__among=list(found), undone_by=None)
    columns = ("article_id", "action", "from_state", "actor", "changes")
    for pk, *act in rows.exclude(action=UNDO).order_by("-id").values_list(*columns):
        found[pk].append(tuple(act))
    return found


def last_content_editor(article: Article, acts: Acts | None = None) -> int | None:
    """The id of the person who last changed the text or wrote it; None when a file did.

    What stands in a draft counts once the draft is published.
    """
    is_draft_public = False
    for action, start, actor, changes in _acts(article, acts):
        if action in (Action.PUBLISH_DRAFT, Action.DISCARD_DRAFT):
            is_draft_public = action == Action.PUBLISH_DRAFT
        is_text = action == Action.EDIT and set(changes or {}) - RANKING
        if start == "" or is_text or (action == Action.SAVE_DRAFT and is_draft_public):
            return actor
    return None


def last_drafter(article: Article, acts: Acts | None = None) -> int | None:
    """The id of the person who last saved the pending draft; None when only imports did."""
    for action, start, actor, _ in _acts(article, acts):
        if start != State.PUBLISHED or action in (Action.PUBLISH_DRAFT, Action.DISCARD_DRAFT):
            return None
        if action == Action.SAVE_DRAFT:
            return actor
    return None


UPSTREAM = "import_draft"
"""What the audit calls a draft that an import made of a file's new headline."""


def is_written_by(article: Article, actor: User, acts: Acts | None = None) -> bool:
    """Whether that person made the article here."""
    if acts is None:
        return article.transitions.filter(from_state="", actor=actor.pk).exists()
    return any(start == "" and person == actor.pk for _, start, person, _ in acts)


def is_edited_since(article: Article, action: Action) -> bool:
    """Whether a person changed the text after the action was last done."""
    for name, _, _, changes in _acts(article, None):
        if name == action:
            return False
        if name == Action.EDIT and set(changes or {}) - RANKING:
            return True
    return False


def _acts(article: Article, acts: Acts | None) -> Acts:
    return acts_of([article])[article.pk] if acts is None else acts
