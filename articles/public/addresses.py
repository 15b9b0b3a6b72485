"""What stands at `/news/<stem>/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField

from ..models import Article
from .leads import WHOLE, Lead, lead_of
from .prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Found:
    """`lead` is the story to show, at this address when `is_here`, else at its own.

    Without one, `was_public` tells what is gone from what never was.
    """

    lead: Lead | None = None
    is_here: bool = False
    was_public: bool = False


def find(stem: str, at: datetime) -> Found:
    """What readers may be told about a stem; at most four queries.

    The story that was first public under the stem comes first, whatever leads it now; then the
    article of that stem, while readers may see it.
    """
    if rows := _FIRST_PUBLIC.rows(at=at, stem=stem):
        return Found(lead_of(rows[0]), is_here=True)
    member = Article.objects.shown(at).filter(slug=stem).values_list("story", flat=True).first()
    if member is not None:
        published = Article.objects.published(at).filter(story=member)
        lead = lead_of(published.values_list(*WHOLE).get())
        return Found(lead, is_here=lead.slug == stem and not lead.story.slug)
    # A story first public under a stem keeps that address, also when the stem has left it.
    once = Article.objects.filter(first_published_at__lte=at)
    was_public = once.filter(slug=stem).exists() or once.filter(story__slug=stem).exists()
    return Found(was_public=was_public)


def _first_public() -> QuerySet[Article, Any]:
    leads = Article.objects.published(Given("at"))
    return leads.filter(story__slug=Given("stem", TextField())).values_list(*WHOLE)


_FIRST_PUBLIC = Prepared(_first_public)
