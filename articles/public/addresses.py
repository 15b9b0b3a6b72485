"""What stands at `/news/<stem>/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import Article


@dataclass(frozen=True, slots=True)
class Found:
    """`lead` is the story to show, at this address when `is_here`, else at its own.

    Without one, `was_public` tells what is gone from what never was.
    """

    lead: Article | None = None
    is_here: bool = False
    was_public: bool = False


def find(stem: str, at: datetime) -> Found:
    """What readers may be told about a stem; at most four queries.

    The story that was first public under the stem comes first, whatever leads it now; then the
    article of that stem, while readers may see it.
    """
    published = Article.objects.published(at).select_related("story", "provider")
    if lead := published.filter(story__slug=stem).first():
        return Found(lead, is_here=True)
    member = Article.objects.shown(at).filter(slug=stem).values_list("story", flat=True).first()
    if member is not None:
        lead = published.get(story=member)
        return Found(lead, is_here=lead.slug == stem and not lead.story.slug)
    # A story first public under a stem keeps that address, also when the stem has left it.
    once = Article.objects.filter(first_published_at__lte=at)
    was_public = once.filter(slug=stem).exists() or once.filter(story__slug=stem).exists()
    return Found(was_public=was_public)
