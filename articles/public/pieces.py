"""The pieces of HTML that a page prints dozens of times.

A template engine takes as long for each of them as for a small page, so they are made here; what
they are put together to, and all that is printed once, stands in the templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from . import marks
from .coverage import Coverage, Line
from .entries import Subject
from .leads import Readable
from .links import http_link, path
from .pictures import logo, picture


@lru_cache(maxsize=2048)
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


def mark_of(article: Readable) -> SafeString:
    """The mark of an article's provider."""
    provider = article.provider
    return mark(provider.name, provider.domain, logo(provider))


def stamp(at: datetime | None) -> SafeString | str:
    """An absolute time in the site's zone; the year only when it is not the running one."""
    if at is None:
        return ""
    zone = timezone.get_current_timezone()
    return _stamp(at, zone, datetime.now(zone).year, get_language())


def headline(article: Readable | Line) -> SafeString:
    """The title, leading to the publisher where the link may be followed."""
    if link := http_link(article.link):
        return format_html('<a href="{}" rel="noopener" dir="auto">{}</a>', link, article.title)
    return format_html('<span dir="auto">{}</span>', article.title)


def byline(article: Readable) -> SafeString:
    """Who published it and when."""
    provider = article.provider
    return format_html(
        '<p class="source"><a href="{}"><bdi>{}</bdi></a> {}{}</p>',
        path("provider", provider.domain),
        provider.name,
        _kind(article.type),
        stamp(article.published_at or article.go_live_at),
    )


def illustration(article: Readable) -> SafeString | str:
    """Its picture for a list, if it may be shown."""
    shown = picture(article)
    if shown is None:
        return ""
    return format_html(
        '<img class="picture" src="{}" width="{}" height="{}" alt="" loading="lazy"'
        ' decoding="async" referrerpolicy="no-referrer">',
        shown.url,
        shown.width,
        shown.height,
    )


def lines(found: Iterable[Line]) -> SafeString:
    """Reports as items of a list."""
    return format_html_join(
        "\n",
        '<li class="line">{} <p>{} <span class="source"><bdi>{}</bdi> {}{}</span></p></li>',
        (
            (
                mark(line.provider, line.domain, line.logo),
                headline(line),
                line.provider,
                _kind(line.type),
                stamp(line.at),
            )
            for line in found
        ),
    )


def also(coverage: Coverage) -> SafeString:
    """The quiet line: who else reports the story, the first few by name."""
    names = format_html_join(", ", '<b dir="auto">{}</b>', ((name,) for name in coverage.providers))
    if not coverage.more:
        return format_html("{} {}", _("Also covered by"), names)
    more = ngettext("and %(more)s more", "and %(more)s more", coverage.more)
    return format_html("{} {} {}", _("Also covered by"), names, more % {"more": coverage.more})


def topics(found: Iterable[Subject]) -> SafeString:
    """Links to the pages of topics."""
    return format_html_join(
        "\n",
        '<a href="{}" dir="auto">{}</a>',
        ((path("topic", topic.slug), topic.name) for topic in found),
    )


@lru_cache(maxsize=10_000)
def _stamp(at: datetime, zone: tzinfo, this_year: int, _language: str | None) -> SafeString:
    local = at.astimezone(zone)
    year = "" if local.year == this_year else f" {local.year}"
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{local.day} {MONTHS_3[local.month].title()}{year}, {local:%H:%M}",
    )


def _kind(type: str | None) -> SafeString | str:
    if type != "video":
        return ""
    return format_html('<span class="kind">{}</span> ', _("Video"))
