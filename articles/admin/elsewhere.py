"""Coverage of a story that is no article here yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Claim, RelatedItem


def items_of(story: int) -> list[RelatedItem]:
    """The related items that the files of a story's members claim, the best first; one query."""
    found = _claimed(story).defer("excerpt", "images")
    return sorted(found, key=lambda item: (-(item.quality or 0), item.title))


def item_of(story: int, links: Iterable[str]) -> RelatedItem | None:
    """The one of them that has one of these links; one query."""
    return _claimed(story).filter(link__in=list(links)).order_by("pk").first()


def _claimed(story: int) -> QuerySet[RelatedItem]:
    claims = Claim.objects.filter(article__story=story)
    named = claims.filter(identity=OuterRef("identity"), title_hash=OuterRef("title_hash"))
    return RelatedItem.objects.filter(Exists(named), identity__in=claims.values("identity"))
