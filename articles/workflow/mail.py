"""Notices by mail, where the site can send any: never in the way of the act they tell of."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.db.transaction import on_commit
from django.urls import reverse
from django.utils import timezone

from .. import tasks
from ..models import Article, Notice
from .wording import name_of

SAYS = {
    Notice.Kind.SENT_BACK: "was sent back",
    Notice.Kind.APPROVED: "was approved",
    Notice.Kind.ASSIGNED: "was assigned to you",
    Notice.Kind.MENTIONED: "has a note that names you",
    Notice.Kind.REMOVED_UPSTREAM: "should be removed, says its file",
}
"""What became of the article, by the kind of the notice."""


INLINE = "inline"

READING = "articles.view_article"
"""Who lacks this is told nothing of articles, whatever role he had when a notice was left."""


def send_on_commit(notices: Sequence[Notice]) -> None:
    """Send these notices once the transaction has been committed, if the site sends mail.

    A server that does not answer costs nobody the act: a worker tries again (TASKS); without one,
    what failed is logged, and `mailed_at` stays empty.
    """
    ids = [notice.pk for notice in notices]

    def send() -> None:
        _send(ids)

    if not (ids and settings.SENDS_MAIL):
        return
    if settings.TASKS == INLINE:
        on_commit(send, robust=True)
        return
    for pk in ids:
        tasks.add("mail", pk)


def work_on(key: str) -> str:
    """Send one notice, for the worker, unless it was sent.

    It is marked first and the mark taken back when the server refuses: somebody who dies between
    the two costs a mail, never sends one twice.
    """
    if not Notice.objects.filter(pk=key, mailed_at=None).update(mailed_at=timezone.now()):
        return f"mail {key}: nothing to do"
    try:
        for notice in _wanted([int(key)]):
            if notice.person.has_perm(READING):
                _message(notice).send()
    except Exception:
        Notice.objects.filter(pk=key).update(mailed_at=None)
        raise
    return f"mail {key}: done"


def _send(ids: Sequence[int]) -> None:
    found = _wanted(ids).filter(mailed_at=None)
    rows = [one for one in found if one.person.has_perm(READING)]
    if not rows:
        return
    get_connection().send_messages([_message(notice) for notice in rows])
    Notice.objects.filter(pk__in=[one.pk for one in rows]).update(mailed_at=timezone.now())


def _wanted(ids: Sequence[int]) -> QuerySet[Notice]:
    """Those of people who are here and want mail."""
    wanted = Notice.objects.filter(pk__in=ids, person__is_active=True).exclude(person__email="")
    wanted = wanted.exclude(Q(person__desk__isnull=False) & Q(person__desk__wants_mail=False))
    return wanted.select_related("person", "actor", "article").order_by("pk")


def _message(notice: Notice) -> EmailMessage:
    title = " ".join(notice.article.title.split())
    said = SAYS[Notice.Kind(notice.kind)]
    by = f" by {name_of(notice.actor)}" if notice.actor else ""
    lines = [f"“{title}” {said}{by}.", notice.text, _address(notice.article)]
    return EmailMessage(
        f"[{settings.SITE_NAME}] {title} {said}",
        "\n\n".join(line for line in lines if line) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [notice.person.email],
    )


def _address(article: Article) -> str:
    path = reverse("admin:articles_article_change", args=[article.pk])
    return f"{settings.SITE_URL}{path.removeprefix(settings.SITE_PATH)}"
