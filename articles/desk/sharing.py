"""Share links: somebody without an account reads one article for a while, until it is revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, QuerySet

from ..models import Article, Revision, ShareLink, Transition
from ..states import Action, State

SHARING = "articles.change_article"
LIFETIMES = {
    "1": "for a day",
    "3": "for 3 days",
    "7": "for a week",
    "30": "for 30 days",
}
"""How long a link may answer, in days, and how that reads."""
ENDING = (Action.WITHDRAW, "import_withdraw")
"""Acts after which no link made before answers, even if the article comes back."""

_signer = Signer(salt="articles.share", sep=".")


def share(
    article: Article,
    actor: User,
    *,
    revision: Revision | None,
    lifetime: timedelta,
    now: datetime,
) -> ShareLink:
    """Make a link to one revision, or (None) to the article as it stands at each reading.

    Raises PermissionDenied, and ValueError for a revision of another article or a withdrawn one.
    """
    _check(actor)
    if revision is not None and revision.article_id != article.pk:
        raise ValueError("That revision is of another article.")
    if article.state == State.WITHDRAWN:
        raise ValueError("It is withdrawn; nobody outside may read it.")
    return ShareLink.objects.create(
        article=article,
        revision=revision,
        made_by=actor,
        made_at=now,
        expires_at=now + lifetime,
    )


def revoke(link: ShareLink, actor: User, now: datetime) -> None:
    """From now on the link answers nobody. Revoking twice changes nothing. PermissionDenied."""
    _check(actor)
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def token_of(link: ShareLink) -> str:
    """What stands in the link's address; only this site can have written it."""
    return _signer.sign(str(link.pk))


def link_of(token: str) -> ShareLink | None:
    """The link that a token was made for, open or not; article, provider and story loaded.

    None for a token that this site did not write. One query.
    """
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    links = with_standing(ShareLink.objects.filter(pk=pk))
    return links.select_related("revision", "article__provider", "article__story").first()


def with_standing(links: QuerySet[ShareLink]) -> QuerySet[ShareLink]:
    """The links with `is_withdrawn`: the article was withdrawn after the link was made."""
    ends = Transition.objects.filter(
        article=OuterRef("article"),
        action__in=ENDING,
        at__gte=OuterRef("made_at"),
        undone_by__isnull=True,
    )
    return links.annotate(is_withdrawn=Exists(ends))


def is_open(link: ShareLink, at: datetime) -> bool:
    """Whether the link answers at that time; the link comes by `with_standing`."""
    is_withdrawn = link.article.state == State.WITHDRAWN or vars(link)["is_withdrawn"]
    return link.revoked_at is None and at < link.expires_at and not is_withdrawn


def _check(actor: User) -> None:
    if not actor.has_perm(SHARING):
        raise PermissionDenied("This needs the permission to change articles.")
