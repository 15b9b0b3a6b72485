"""Taking coverage from readers that is no article here: a related item, by its link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ..models import Article, Claim, RelatedItem, Transition
from ..stories import refresh
from ..workflow import ReasonMissing
from ..workflow.rows import hold_stories, one_at_a_time

PERMISSION = "articles.withdraw"
HIDE, SHOW_AGAIN = "hide", "show_again"


def items_of(links: Sequence[str]) -> QuerySet[RelatedItem]:
    """The related items with one of these links, each with what it was printed with."""
    return RelatedItem.objects.filter(link__in=links).select_related("hidden_by").order_by("pk")


def claiming(item: RelatedItem) -> QuerySet[Article]:
    """The articles whose files name the item."""
    claims = Claim.objects.filter(
        article=OuterRef("pk"), identity=item.identity, title_hash=item.title_hash
    )
    return Article.objects.filter(Exists(claims)).order_by("slug")


def hide(item: RelatedItem, actor: User, now: datetime, *, comment: str) -> None:
    """Readers no longer meet the item, from the next page on; files keep naming it.

    Every article whose file names it gets an audit row. Hiding twice changes nothing. Raises
    PermissionDenied, and ReasonMissing without a comment.
    """
    _set(item, actor, now, HIDE, comment)


def show_again(item: RelatedItem, actor: User, now: datetime, *, comment: str) -> None:
    """Take hiding back. Raises as `hide` does."""
    _set(item, actor, now, SHOW_AGAIN, comment)


def _set(item: RelatedItem, actor: User, now: datetime, action: str, comment: str) -> None:
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied("This needs the permission to withdraw.")
    if not comment.strip():
        raise ReasonMissing("Say why; others will read it.")
    is_hiding = action == HIDE
    with transaction.atomic():
        one_at_a_time()
        rows = RelatedItem.objects.filter(pk=item.pk, hidden_at__isnull=is_hiding)
        values = {"hidden_at": now, "hidden_by": actor} if is_hiding else _SHOWN
        if rows.update(**values):
            _write_down(item, actor, now, action, comment.strip())
            articles = claiming(item)
            hold_stories(articles)
            refresh(articles.values_list("story", flat=True))


_SHOWN = {"hidden_at": None, "hidden_by": None}


def _write_down(item: RelatedItem, actor: User, now: datetime, action: str, why: str) -> None:
    Transition.objects.bulk_create(
        Transition(
            article=article,
            action=action,
            from_state=article.state,
            to_state=article.state,
            actor=actor,
            comment=f"{item.link}: {why}",
            version=article.version,
            at=now,
        )
        for article in claiming(item).only("state", "version")
    )
