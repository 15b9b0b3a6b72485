"""What templates of the reader's site need beyond Django's own tags."""

from __future__ import annotations

from typing import Any

from django import template

from ..models import Article
from ..public import excerpts, links, pictures, pieces

register = template.Library()

NEWEST = 6

register.filter("http_link", links.http_link)
register.filter("excerpt", excerpts.excerpt)
register.filter("short_excerpt", excerpts.short_excerpt)


register.filter("logo", pictures.logo)
register.filter("picture", pictures.picture)

for piece in (
    pieces.also,
    pieces.byline,
    pieces.headline,
    pieces.illustration,
    pieces.lines,
    pieces.mark,
    pieces.mark_of,
    pieces.stamp,
    pieces.topics,
):
    register.simple_tag(piece)


@register.simple_tag
def newest() -> list[dict[str, Any]]:
    """A few of the latest stories, for pages that have nothing else to show; one query."""
    rows = Article.objects.published().select_related("story").order_by("-go_live_at", "slug")
    found = rows.only("slug", "title", "go_live_at", "story__slug")[:NEWEST]
    return [
        {"title": row.title, "address": links.address(row), "at": row.go_live_at} for row in found
    ]
