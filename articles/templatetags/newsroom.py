"""What templates of the reader's site need beyond Django's own tags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..models import Article
from ..public import excerpts, links, marks, pictures

register = template.Library()

NEWEST = 6

register.filter("http_link", links.http_link)
register.filter("excerpt", excerpts.excerpt)
register.filter("short_excerpt", excerpts.short_excerpt)


register.filter("logo", pictures.logo)
register.filter("picture", pictures.picture)


@register.simple_tag
def mark(name: str, domain: str, logo: str = "") -> SafeString:
    """A provider's logo, else its drawn mark; the name stands beside it in words."""
    if logo:
        return format_html(
            '<img class="mark" src="{}" alt="" width="50" height="50" loading="lazy">', logo
        )
    return format_html(
        '<span class="mark mark-{}" aria-hidden="true">{}</span>',
        marks.colour(domain),
        marks.initials(name or domain),
    )


@register.simple_tag
def stamp(at: datetime | None) -> SafeString | str:
    """An absolute time in the site's zone; the year only when it is not the running one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    is_this_year = local.year == timezone.localdate().year
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date_format(local, "j M, H:i" if is_this_year else "j M Y, H:i"),
    )


@register.simple_tag
def newest() -> list[dict[str, Any]]:
    """A few of the latest stories, for pages that have nothing else to show; one query."""
    rows = Article.objects.published().select_related("story").order_by("-go_live_at", "slug")
    found = rows.only("slug", "title", "go_live_at", "story__slug")[:NEWEST]
    return [
        {"title": row.title, "address": links.address(row), "at": row.go_live_at} for row in found
    ]
