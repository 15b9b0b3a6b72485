"""What the form shows about deciding: the bar, the guards, a pending draft, the rank, the undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ..models import Article
from ..states import Action, State
from ..workflow.guards import Known, know, live_by_link
from .acts import actor_of
from .asking import Asker, name_of
from .bar import Bar
from .checklist import checklist
from .form import ArticleForm, VersionForm
from .pending import pending
from .rank import rank_of
from .undoing import offer


def context(
    request: HttpRequest, article: Article, form: VersionForm, members: Sequence[Article]
) -> dict[str, Any]:
    """The template's context; constant queries. `members` are those of its story."""
    actor = actor_of(request)
    sent = request.__dict__.get("desk_typed") or request.POST
    typed = {name: str(value) for name, value in sent.items()}
    bar = Bar(Asker(article, actor, typed, members), _known(article, form), form.draft)
    is_live = article.state == State.PUBLISHED
    return {
        "bar": bar,
        "guards": checklist(bar.failures),
        "pending": pending(article, form.draft, form.topics),
        "rank": rank_of(article),
        "undo": offer(article, actor),
        "is_live": is_live,
        "saving": _saving(article),
        "typed_note": typed.get(name_of("public_note", Action.PUBLISH_DRAFT), ""),
        "may_publish": is_live and not settings.FOUR_EYES and actor.has_perm("articles.publish"),
    }


def _saving(article: Article) -> str:
    """What saving a changed text does besides."""
    if article.state == State.PUBLISHED:
        return "Readers see a change once it is published, and the address stays the same."
    if article.state in (State.APPROVED, State.UNPUBLISHED) and settings.REAPPROVE_ON_EDIT:
        return "A changed text has to be approved again."
    return ""


def _known(article: Article, form: VersionForm) -> Known:
    """What the guards ask, from what the page has read already; one query for the link."""
    if not isinstance(form, ArticleForm):
        return know([article])
    notes = [note for note in article.notes.all() if note.is_blocking and not note.resolved_at]
    return Known(
        Counter({article.pk: len(form.topics)}),
        live_by_link([article]),
        {article.pk: [note.text for note in reversed(notes)]},
    )
