"""Notices by mail, where the site can send any: never in the way of the act they tell of."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.db.transaction import on_commit
from django.urls import reverse
from django.utils import timezone

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


READING = "articles.view_article"
"""Who lacks this is told nothing of articles, whatever role he had when a notice was left."""


def send_on_commit(notices: Sequence[Notice]) -> None:
    """Send these notices once the transaction has been committed, if the site sends mail.

    A server that does not answer costs nobody the act: what failed is logged, and `mailed_at`
    stays empty.
    """
    ids = [notice.pk for notice in notices]

    def send() -> None:
        _send(ids)

    if ids and settings.SENDS_MAIL:
        on_commit(send, robust=True)


def _send(ids: Sequence[int]) -> None:
    wanted = Notice.objects.filter(pk__in=ids, mailed_at=None, person__is_active=True)
    wanted = wanted.exclude(person__email="").exclude(
        Q(person__desk__isnull=False) & Q(person__desk__wants_mail=False)
    )
    rows = wanted.select_related("person", "actor", "article").order_by("pk")
    found = [one for one in rows if one.person.has_perm(READING)]
    if not found:
        return
    get_connection().send_messages([_message(notice) for notice in found])
    Notice.objects.filter(pk__in=[one.pk for one in found]).update(mailed_at=timezone.now())


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
