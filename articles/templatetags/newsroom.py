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
from ..public import links, marks

register = template.Library()

EXCERPT_IN_LISTS = 280
"""Characters of an excerpt under a headline in a list."""

NEWEST = 6

register.filter("http_link", links.http_link)


@register.simple_tag
def mark(name: str, domain: str) -> SafeString:
    """A provider's drawn mark; the name stands beside it in words."""
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


@register.filter
def excerpt(article: Article, characters: int | None = None) -> str:
    """The excerpt as far as the provider's policy lets readers see it, at most so many characters.

    `None`: as long as the policy lets it be. Cut between words, the ellipsis counted.
    """
    provider = article.provider
    text = " ".join((article.excerpt or "").split())
    limits = [limit for limit in (provider.excerpt_limit, characters) if limit is not None]
    if provider.is_link_only:
        return ""
    return _cut(text, min(limits)) if limits else text


@register.filter
def short_excerpt(article: Article) -> str:
    """`excerpt` for a list."""
    return excerpt(article, EXCERPT_IN_LISTS)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    room = text[: limit - 1]
    whole_words = room if text[limit - 1].isspace() else room.rpartition(" ")[0]
    return (whole_words or room).rstrip(" ,;:.–-") + "…"
