"""What files ask of articles that people decided about: drafts of headlines, and removals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as database
from django.utils import timezone

from ..frontmatter.merge import same
from ..models import Article, Run
from ..states import Action, Need, State
from . import audit
from .door import transition
from .drafts import keep_draft, rebase, text_of, text_of_row
from .errors import NotPermitted, ReasonMissing, WrongState
from .rights import PERMISSIONS
from .rows import locked
from .wording import stale

KEEP = "keep_removed"
"""What the audit calls the decision to keep what its file wants removed."""

TEXT = ("title", "excerpt")
"""What a file may have drafted: named alike as columns and as keys of files."""


def waiting(articles: Iterable[Article]) -> dict[int, dict[str, Any]]:
    """The drafted text of those of the articles that have a draft, by article id; one query."""
    found = [article for article in articles if article.draft_id]
    if not found:
        return {}
    drafts = Article.objects.filter(pk__in=[one.pk for one in found]).select_related("draft")
    texts = {row.pk: text_of(row.draft) for row in drafts if row.draft}
    return {pk: {name: text[name] for name in TEXT} for pk, text in texts.items()}


def keep_drafts(asked: Sequence[tuple[Article, dict[str, Any]]], run: Run, at: datetime) -> None:
    """`import_draft`: put a file's new headline beside the live article.

    What a person drafted of the same text stays; a draft of a person's keeps its other changes.
    """
    for article, values in asked:
        if values:
            _keep(article, values, run, at)


def _keep(row: Article, values: dict[str, Any], run: Run, at: datetime) -> None:
    live = text_of_row(row)
    base = text_of(row.draft_base) if row.draft_base else live
    drafted = text_of(row.draft) if row.draft else live
    acts = audit.acts_of([row])[row.pk]
    is_persons = bool(row.draft) and next(act[0] for act in acts if act[0] in DRAFTING) != UPSTREAM
    wanted = {
        name: value
        for name, value in values.items()
        if not (is_persons and not same(drafted[name], base[name]))
    }
    merged, clashes = rebase(base, drafted, live)
    text = (drafted if clashes else merged) | wanted
    changes = {name: [drafted[name], value] for name, value in wanted.items()}
    if changes:
        keep_draft(row, text, None, at, UPSTREAM, is_rebased=not clashes, changes=changes, run=run)


UPSTREAM = audit.UPSTREAM
DRAFTING = (Action.SAVE_DRAFT, UPSTREAM)


def answer_removal(
    article: Article,
    actor: User,
    answer: str,
    *,
    expected_version: int,
    comment: str = "",
    batch: str = "",
) -> Article:
    """Decide what becomes of an article whose file wants it removed: "keep" or "withdraw".

    Both ask why. Keeping needs the permission to publish, withdrawing that to withdraw. Raises as
    `transition` does, WrongState when no file asks.
    """
    if answer not in ("keep", "withdraw"):
        raise ValueError(f"not an answer: {answer}")
    with database.atomic():
        row, now = locked(article.pk), timezone.now()
        if row.version != expected_version:
            raise stale(row, now)
        if row.removed_upstream_at is None:
            raise WrongState("No file asks for its removal.")
        if answer == "withdraw":
            return transition(
                row,
                Action.WITHDRAW,
                actor,
                expected_version=expected_version,
                comment=comment,
                batch=batch,
            )
        if not actor.has_perm(PERMISSIONS[Need.PUBLISH]):
            raise NotPermitted("This needs the permission to publish.")
        if not comment.strip():
            raise ReasonMissing("Say why it stays; others will read it.")
        return _stay(row, actor, now, comment.strip(), batch)


def _stay(row: Article, actor: User, now: datetime, comment: str, batch: str) -> Article:
    stood = audit.standing(row)
    row.removed_upstream_at = None
    row.touched_at = now
    row.version += 1
    row.save()
    audit.write_down(
        row,
        KEEP,
        actor,
        now,
        from_state=State(row.state),
        revision=audit.keep(row, actor, now),
        comment=comment,
        batch=batch,
        before={"columns": audit.before(stood, row)},
    )
    return row
