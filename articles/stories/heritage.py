"""What a story that goes into another leaves to it: addresses, places on the front page and in
digests; and what undo needs to part them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from ..models import DigestItem, FormerAddress, Placement, Story

PLACED = ("story_id", "kind", "place", "shift", "reason", "actor_id", "begins_at", "ends_at")
MOMENTS = ("begins_at", "ends_at")
LISTED = ("digest_id", "story_id", "position", "comment")

Estate = dict[str, list[Any]]
"""`placements` and `digests`: columns; `addresses`: [slug, story]; all in JSON's types."""


def hand_on(heirs: Mapping[int, int]) -> None:
    """Before stories are deleted, by id: their addresses go on to lead somewhere; what editors said
    of their places holds for the heir, unless it has a place of its own."""
    if not heirs:
        return
    left = Story.objects.filter(pk__in=heirs)
    for story, slug in left.filter(slug__isnull=False).values_list("pk", "slug"):
        FormerAddress.objects.update_or_create(slug=slug, defaults={"story_id": heirs[story]})
    for address in FormerAddress.objects.filter(story__in=left):
        FormerAddress.objects.filter(pk=address.pk).update(story=heirs[address.story_id])
    _hand_on_places(heirs)
    for item in DigestItem.objects.filter(story__in=left):
        heir = heirs[item.story_id]
        if not DigestItem.objects.filter(digest=item.digest_id, story=heir).exists():
            DigestItem.objects.filter(pk=item.pk).update(story=heir)


def _hand_on_places(heirs: Mapping[int, int]) -> None:
    placed = set(Placement.objects.filter(story__in=heirs.values()).values_list("story", flat=True))
    for placement in Placement.objects.filter(story__in=heirs).order_by("-begins_at"):
        heir = heirs[placement.story_id]
        if heir not in placed:
            placed.add(heir)
            Placement.objects.filter(pk=placement.pk).update(story=heir)


def estate(stories: Collection[int]) -> Estate:
    """What hangs on these stories and not on their articles; three queries."""
    placements = Placement.objects.filter(story__in=stories).order_by("pk")
    items = DigestItem.objects.filter(story__in=stories).order_by("pk")
    addresses = FormerAddress.objects.filter(story__in=stories).order_by("pk")
    return {
        "placements": [placed(row) for row in placements],
        "digests": [list(row) for row in items.values_list(*LISTED)],
        "addresses": [list(row) for row in addresses.values_list("slug", "story")],
    }


def placed(placement: Placement) -> dict[str, Any]:
    """The columns of a placement, in JSON's types."""
    columns = {name: getattr(placement, name) for name in PLACED}
    return columns | {name: columns[name].isoformat() for name in MOMENTS}


def place_again(kept: Mapping[str, Any]) -> None:
    """Store what `placed` told."""
    moments = {name: datetime.fromisoformat(kept[name]) for name in MOMENTS}
    Placement.objects.create(**{**kept, **moments})


def restore(left: Mapping[str, Any], stories: Collection[int]) -> None:
    """Give these stories back what `estate` told of them."""
    Placement.objects.filter(story__in=stories).delete()
    for kept in left["placements"]:
        place_again(kept)
    FormerAddress.objects.filter(story__in=stories).delete()
    FormerAddress.objects.bulk_create(
        FormerAddress(slug=slug, story_id=story) for slug, story in left["addresses"]
    )
    known = [tuple(row) for row in left["digests"]]
    for row in DigestItem.objects.filter(story__in=stories):
        if (row.digest_id, row.story_id, row.position, row.comment) not in known:
            row.delete()
    here = set(DigestItem.objects.filter(story__in=stories).values_list("digest_id", "story_id"))
    for item in known:
        if item[:2] not in here:
            DigestItem.objects.create(**dict(zip(LISTED, item, strict=True)))
