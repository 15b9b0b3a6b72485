"""Finding an article by what an editor has at hand: its link."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db.models import Q, QuerySet

from .. import identity
from ..models import Article

TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")
"""Beginnings of the parameters that senders append to links they share."""


def is_link(text: str) -> bool:
    """Whether a search was a pasted address."""
    return text.strip().lower().startswith(("http://", "https://"))


def spellings(link: str) -> list[str]:
    """Other ways to write a pasted link: scheme, final slash, fragment, tracking parameters."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        query = [
            pair
            for pair in parse_qsl(parts.query, keep_blank_values=True)
            if not pair[0].lower().startswith(TRACKING)
        ]
    except ValueError:
        return [link]
    found = {link: None}
    path = parts.path.rstrip("/")
    for scheme in ("https", "http"):
        for shape in (path, f"{path}/"):
            for asked in (parts.query, urlencode(query)):
                found[urlunsplit((scheme, parts.netloc, shape, asked, ""))] = None
    return list(found)


def by_link(articles: QuerySet[Article], link: str) -> QuerySet[Article]:
    """The articles with that link: by its hash, which is indexed, else as edited on the desk."""
    written = spellings(link)
    hashes = [identity.number(spelling) for spelling in written]
    found = articles.filter(link_hash__in=hashes)
    if found.exists():
        return found
    return articles.filter(Q(web_url__in=written) | Q(original_url__in=written))
