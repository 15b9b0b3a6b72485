"""What stands at `/news/<stem>/`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from ..models import Article, FormerAddress, FormerStem
from .leads import WHOLE, Lead, lead_of
from .prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Found:
    """`lead` is the story to show, at this address when `is_here`, else at its own, for good when
    the stem `is_renamed`.

    Without one, `was_public` tells what is gone from what never was.
    """

    lead: Lead | None = None
    is_here: bool = False
    was_public: bool = False
    is_renamed: bool = False


def find(stem: str, at: datetime) -> Found:
    """What readers may be told about a stem; at most six queries, four more for a renamed one.

    The story that was first public under the stem comes first, whatever leads it now; then the
    article of that stem, while readers may see it; then the story that the first went into.
    """
    if rows := _FIRST_PUBLIC.rows(at=at, stem=stem):
        return Found(lead_of(rows[0]), is_here=True)
    member = Article.objects.shown(at).filter(slug=stem).values_list("story", flat=True).first()
    if member is not None:
        published = Article.objects.published(at).filter(story=member)
        lead = lead_of(published.values_list(*WHOLE).get())
        return Found(lead, is_here=lead.slug == stem and not lead.story.slug)
    story, renamed = _led_on(stem)
    if story:
        led = Article.objects.published(at).filter(story=story).values_list(*WHOLE).first()
        return Found(lead_of(led)) if led else Found(was_public=True)
    if renamed:
        return replace(find(renamed, at), is_here=False, is_renamed=True)
    # A story first public under a stem keeps that address, also when the stem has left it.
    once = Article.objects.filter(first_published_at__lte=at)
    known = once.filter(slug=stem).values("pk").union(once.filter(story__slug=stem).values("pk"))
    return Found(was_public=known.exists())


def read_ahead(at: datetime) -> None:
    """Read every published story at once for `find`; only within `sharing`."""
    rows = Article.objects.published(at).filter(story__slug__isnull=False).values_list(*WHOLE)
    for row in rows:
        _FIRST_PUBLIC.know([row], stem=row[_STORY], at=at)


_STORY = WHOLE.index("story__slug")


def _led_on(stem: str) -> tuple[int, str]:
    """(the story that the one of this address went into, the stem that a renamed file has now)."""
    stories = FormerAddress.objects.filter(slug=stem)
    files = FormerStem.objects.filter(slug=stem)
    found = stories.values_list("story", Value("", TextField())).union(
        files.values_list(Value(0, BigIntegerField()), Cast("article__slug", TextField()))
    )
    rows: list[tuple[int, str]] = sorted(found, reverse=True)
    return rows[0] if rows else (0, "")


def _first_public() -> QuerySet[Article, Any]:
    leads = Article.objects.published(Given("at"))
    return leads.filter(story__slug=Given("stem", TextField())).values_list(*WHOLE)


_FIRST_PUBLIC = Prepared(_first_public)
