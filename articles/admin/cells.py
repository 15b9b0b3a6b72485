"""How values read in lists and panels: escaped, dense, never by colour alone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from providers import marks
from providers.models import Provider

from ..models import Article
from ..public.pictures import logo
from ..states import State

DASH = "–"
SHAPES = {
    State.NEW: "○",
    State.IN_REVIEW: "◐",
    State.CHANGES_REQUESTED: "↩",
    State.APPROVED: "✓",
    State.PUBLISHED: "●",
    State.UNPUBLISHED: "◌",
    State.SPIKED: "✕",
    State.WITHDRAWN: "⊘",
}


def badge(state: str, says: str = "") -> SafeString:
    """A state as shape and text; `says` in place of the state's own name."""
    return format_html(
        '<span class="desk-badge desk-{}"><span aria-hidden="true">{}</span> {}</span>',
        state,
        SHAPES[State(state)],
        says or state.replace("_", " "),
    )


def standing(article: Article) -> SafeString:
    """The badge of an article as readers meet it: scheduled and expired are published too."""
    if article.state != State.PUBLISHED:
        return badge(article.state)
    now = timezone.now()
    if article.go_live_at and article.go_live_at > now:
        return badge(article.state, "scheduled")
    if article.expire_at and article.expire_at <= now:
        return badge(article.state, "expired")
    return badge(article.state)


def window(article: Article) -> SafeString | str:
    """When readers see a published article, the zone named: from when, and until when."""
    if article.state != State.PUBLISHED or article.go_live_at is None:
        return ""
    now, ends = timezone.now(), article.expire_at
    begins = format_html(
        "{} {}", "goes live" if article.go_live_at > now else "live since", when(article.go_live_at)
    )
    if ends is None:
        return begins
    return format_html("{}, {} {}", begins, "until" if ends > now else "expired", when(ends))


def when(at: datetime | None) -> SafeString | str:
    """A time in the newsroom's zone, the zone named."""
    if at is None:
        return DASH
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), date_format(local, "j M Y, H:i T")
    )


def moment(at: datetime | None) -> SafeString | str:
    """A time for narrow columns: date over hour, the zone only in its title."""
    if at is None:
        return DASH
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{} <span>{}</span></time>',
        local.isoformat(),
        date_format(local, "j M Y, H:i T"),
        date_format(local, "j M Y"),
        date_format(local, "H:i"),
    )


def provider(provider: Provider) -> SafeString:
    """A provider's name beside its logo, or beside a drawn mark where none was brought."""
    if address := logo(provider):
        return format_html(
            '<img class="desk-mark" src="{}" alt="" width="20" height="20" loading="lazy">'
            " <span>{}</span>",
            address,
            provider.name,
        )
    return format_html(
        '<span class="desk-mark desk-mark-{}" aria-hidden="true">{}</span> <span>{}</span>',
        marks.colour(provider.domain),
        marks.initials(provider.name or provider.domain),
        provider.name,
    )


def draft_dot(article: Article) -> SafeString | str:
    """Tells that a live article has a pending change."""
    if article.draft_id is None:
        return ""
    return format_html(
        '<span class="desk-dot"><span aria-hidden="true">◆</span> {}</span>', "draft pending"
    )


def is_web(link: str | None) -> bool:
    """Only http and https are ever rendered as links."""
    return (link or "").lower().startswith(("http://", "https://"))


def original(article: Article) -> SafeString | str:
    """A link to the publisher's page, in a new tab."""
    if not is_web(article.link):
        return DASH
    return format_html(
        '<a class="desk-original" href="{}" target="_blank" rel="noopener noreferrer"'
        ' aria-label="Open the original of {}">Original ↗</a>',
        article.link,
        article.title,
    )


def number(value: int | None) -> str:
    """Scores; – for none and for -1, which marks an article that does not lead its story."""
    return DASH if value is None or value == -1 else str(value)
