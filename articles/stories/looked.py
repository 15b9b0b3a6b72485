"""Which live stories grew since a person last looked at them."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import GROWN, Story


def look(story: Story) -> None:
    """Remember how large the story was when a person looked at it."""
    size = story.member_count + story.related_count
    Story.objects.filter(pk=story.pk).exclude(looked_at_count=size).update(looked_at_count=size)


def grown() -> QuerySet[Story]:
    """Live stories that a person has looked at and that are larger since, by rank."""
    return Story.objects.filter(GROWN).order_by("-rank", "id")
