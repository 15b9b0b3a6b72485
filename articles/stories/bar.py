"""The bar at which the machine publishes a lead by itself."""

from __future__ import annotations

from django.db.models import Q

ALONE = 70
WITH_COVERAGE = 50
"""Qualities (FORMAT.md, "How stories show in the files")."""


def above_bar() -> Q:
    """Leads above the bar, as a condition on articles; `Article.is_above_bar` remembers it."""
    covered = Q(story__member_count__gt=1) | Q(story__related_count__gt=0)
    quality = Q(quality__gte=ALONE) | Q(quality__gte=WITH_COVERAGE) & covered
    return Q(is_lead=True) & quality


def is_above(quality: int | None, coverage: int) -> bool:
    """The same for a lead in hand with that many other members and related items."""
    return (quality or 0) >= (WITH_COVERAGE if coverage > 0 else ALONE)
