"""How pages say which feeds there are."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from ..links import page
from .formats import FORMATS

_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_OWN = {
    "topic": ("topic-feed", "slug"),
    "provider": ("provider-feed", "domain"),
    "corrections": ("corrections-feed", ""),
    "digests": ("digests-feed", ""),
    "search": ("search-feed", ""),
}
"""Pages with feeds of their own, and which part of their address those share."""


@pass_context
def feed_links(context: Context) -> Markup:
    """The feeds that a feed reader finds on this page: its own first, then the site's."""
    found = [*_own(context), *_links(settings.SITE_NAME, "feed")]
    return Markup(
        "\n    ".join(
            f'<link rel="alternate" type="{form}" title="{escape(title)}" href="{escape(href)}">'
            for form, title, href in found
        )
    )


def _own(context: Context) -> Iterator[tuple[str, str, str]]:
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or match.url_name not in _OWN:
        return
    name, key = _OWN[match.url_name]
    keys = [match.kwargs[key]] if key else []
    asked = context.get("asked")
    if match.url_name != "search":
        yield from _links(f"{(*keys, match.url_name)[0]} · {settings.SITE_NAME}", name, *keys)
    elif asked:
        for media_type, title, href in _links(f"{asked.typed} · {settings.SITE_NAME}", name):
            yield media_type, title, f"{href}?{asked.query()}"


def _links(title: str, name: str, *keys: str) -> Iterator[tuple[str, str, str]]:
    for suffix, form in FORMATS.items():
        href = page(name, *keys, suffix)
        yield form.media_type, f"{title} ({_NAMES[suffix]})", href
