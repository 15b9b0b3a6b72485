"""Who is told of which act."""

from __future__ import annotations

from django.contrib.auth.models import User

from ..models import Article, Notice
from ..states import Action
from . import audit, notices
from .effects import Act


def tell_of(act: Act, holder: int | None) -> None:
    """Leave those whom an act concerns a notice; `holder` is who had claimed the article."""
    article = act.article
    if act.action is Action.ASSIGN:
        people = {article.assignee_id}
        kind = Notice.Kind.ASSIGNED
    elif act.action is Action.APPROVE:
        people = {audit.last_content_editor(article), holder}
        kind = Notice.Kind.APPROVED
    elif act.action is Action.REQUEST_CHANGES:
        people = {*_submitters(article), holder}
        kind = Notice.Kind.SENT_BACK
    else:
        return
    ids = {pk for pk in people if pk is not None}
    told = User.objects.filter(pk__in=ids, is_active=True)
    notices.tell(kind, article, act.actor, told, act.now, act.comment)


def _submitters(article: Article) -> set[int | None]:
    if article.draft_id:
        return {audit.last_drafter(article)}
    resubmitted = article.transitions.filter(action=Action.RESUBMIT).order_by("-id")
    return {
        audit.last_content_editor(article),
        resubmitted.values_list("actor", flat=True).first(),
    }
