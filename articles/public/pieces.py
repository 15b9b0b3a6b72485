"""The pieces of HTML that a page prints dozens of times.

Any template engine takes longer to put them together; all that is printed once stands in the
templates. Whatever comes from a file passes through `escape` here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Protocol

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from providers import marks

from ..images.recipe import CARD, LEAD, LOGOS, WIDE
from .coverage import Coverage, Line
from .entries import Subject
from .leads import Readable
from .links import http_link, page
from .pictures import Kept, Linked, Shown, logo


@lru_cache(maxsize=2048)
def mark(name: str, domain: str, logo: str = "") -> Markup:
    """A provider's logo, else its drawn mark; the name stands beside it in words."""
    if logo:
        return Markup(
            f'<img class="mark" src="{escape(logo)}" alt="" width="{LOGOS[0]}"'
            f' height="{LOGOS[0]}" loading="lazy">'
        )
    return Markup(
        f'<span class="mark mark-{marks.colour(domain)}" aria-hidden="true">'
        f"{escape(marks.initials(name or domain))}</span>"
    )


def mark_of(article: Readable) -> Markup:
    """The mark of an article's provider."""
    provider = article.provider
    return mark(provider.name, provider.domain, logo(provider))


def stamp(at: datetime | None) -> Markup:
    """An absolute time in the site's zone; the year only when it is not the running one."""
    zone = timezone.get_current_timezone()
    return _stamp(at, zone, datetime.now(zone).year, get_language())


def headline(article: Readable | Line) -> Markup:
    """The title, leading to the publisher where the link may be followed."""
    return Markup(_headline(article.title, article.link))


def _headline(title: str, link: str) -> str:
    if link := http_link(link):
        return f'<a href="{escape(link)}" rel="noopener" dir="auto">{escape(title)}</a>'
    return f'<span dir="auto">{escape(title)}</span>'


def byline(article: Readable) -> Markup:
    """Who published it and when."""
    provider = article.provider
    return Markup(
        f'<p class="source"><a href="{escape(page("provider", provider.domain))}">'
        f"<bdi>{escape(provider.name)}</bdi></a> "
        f"{_kind(article.type)}{stamp(article.published_at or article.go_live_at)}</p>"
    )


SIZES = {
    "lead": "(min-width: 62rem) 54rem, 90vw",
    "pair": "(min-width: 62rem) 24rem, 6rem",
    "list": "(min-width: 62rem) 11rem, 6rem",
}
"""How wide a picture is shown, by its place; the style sheet says the same."""


class Pictured(Protocol):
    """A story of a list, as far as its picture goes."""

    @property
    def picture(self) -> Shown | None: ...


def illustration(entry: Pictured, place: str = "list") -> Markup:
    """Its picture at a place of SIZES, if it has one; the lead's is asked for before all else."""
    shown = entry.picture
    if shown is None:
        return Markup()
    when = 'fetchpriority="high"' if place == "lead" else 'loading="lazy"'
    if isinstance(shown, Linked):
        return Markup(
            f'<img class="picture" src="{escape(shown.url)}" width="{shown.width}"'
            f' height="{shown.height}" alt="" {when} decoding="async"'
            ' referrerpolicy="no-referrer">'
        )
    return _picture(shown, place, when)


def _picture(shown: Kept, place: str, when: str) -> Markup:
    """AVIF, WebP and JPEG of it; the browser takes the first that it knows."""
    wanted = LEAD if place == "lead" else CARD
    found = [width for width in shown.widths if width in wanted] or shown.widths[-1:]
    sizes = SIZES[place]
    sources = "".join(
        f'<source type="image/{format}" sizes="{sizes}" srcset="'
        + ", ".join(f"{escape(shown.address(width, format))} {width}w" for width in found)
        + '">'
        for format in ("avif", "webp")
    )
    plain = escape(shown.address(found[0], "jpg"))
    width, height = WIDE
    return Markup(
        f'<picture>{sources}<img class="picture tint-{shown.tint}" src="{plain}"'
        f' width="{found[-1]}" height="{round(found[-1] * height / width)}"'
        f' alt="{escape(shown.alt)}" {when} decoding="async"></picture>'
    )


def lines(found: Iterable[Line]) -> Markup:
    """Reports as items of a list."""
    zone = timezone.get_current_timezone()
    year, language = datetime.now(zone).year, get_language()
    # Every part is escaped: to make each line Markup first takes as long as all else.
    return Markup(
        "\n".join(
            f'<li class="line">{mark(line.provider, line.domain, line.logo)}'
            f" <p>{_headline(line.title, line.link)}"
            f' <span class="source"><bdi>{escape(line.provider)}</bdi> '
            f"{_kind(line.type)}{_stamp(line.at, zone, year, language)}</span></p></li>"
            for line in found
        )
    )


def also(coverage: Coverage) -> Markup:
    """The quiet line: who else reports the story, the first few by name."""
    names = ", ".join(f'<b dir="auto">{escape(name)}</b>' for name in coverage.providers)
    said = f"{escape(_('Also covered by'))} {names}"
    if not coverage.more:
        return Markup(said)
    more = ngettext("and %(more)s more", "and %(more)s more", coverage.more)
    return Markup(f"{said} {escape(more % {'more': coverage.more})}")


def topics(found: Iterable[Subject]) -> Markup:
    """Links to the pages of topics."""
    return Markup(
        "\n".join(
            f'<a href="{escape(page("topic", topic.slug))}" dir="auto">{escape(topic.name)}</a>'
            for topic in found
        )
    )


@lru_cache(maxsize=10_000)
def _stamp(at: datetime | None, zone: tzinfo, this_year: int, _language: str | None) -> Markup:
    if at is None:
        return Markup()
    local = at.astimezone(zone)
    year = "" if local.year == this_year else f" {local.year}"
    said = f"{local.day} {MONTHS_3[local.month].title()}{year}, {local:%H:%M}"
    machine = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup(f'<time datetime="{machine}">{escape(said)}</time>')


def _kind(type: str | None) -> Markup:
    if type != "video":
        return Markup()
    return Markup(f'<span class="kind">{escape(_("Video"))}</span> ')
