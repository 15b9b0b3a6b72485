"""Which addresses readers may be sent to, and how the site's own are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

from .leads import Readable

_KEY = "KEY"
_NAMED = {"story", "topic", "provider", "api-news-under"}
"""Pages whose path has one step of any text."""
# As `reverse` leaves them.
_SAFE = "!$&'()*+,;=/~:@"
_NO_STEP = re.compile(r"^$|[/\x00-\x1f]")
# Browsers drop tabs and line ends inside an address and read a backslash as a slash.
_MISREAD = re.compile(r"[\x00-\x1f\x7f\\]")


@lru_cache(maxsize=10_000)
def http_link(link: str | None) -> str:
    """The link itself when it is http or https with a host and no user; else empty.

    The importer holds links to the same rule; pages hold it again, since a row may come another
    way.
    """
    if not link or _MISREAD.search(link):
        return ""
    try:
        parts = urlsplit(link)
        is_plain = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return link if is_plain and parts.scheme in ("http", "https") else ""


def absolute(path: str) -> str:
    """The public address (under SITE_URL) of a path that `reverse` gave; one that is absolute
    already, such as a picture's in a bucket, is itself."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{settings.SITE_URL}/{path.removeprefix(get_script_prefix())}"


def page(name: str, *keys: str) -> str:
    """The path of a page of the site; of a topic, a provider, a story by its key."""
    return _path(get_script_prefix(), name, *keys)


def address(article: Readable) -> str:
    """The path of the story that a published lead stands for; its story is loaded with it."""
    return page("story", article.story.slug or article.slug)


def addresses(articles: Iterable[Readable]) -> list[str]:
    """`address` of each."""
    prefix = get_script_prefix()
    return [_path(prefix, "story", one.story.slug or one.slug) for one in articles]


@lru_cache(maxsize=10_000)
def _path(_prefix: str, name: str, *keys: str) -> str:
    """Pages print the same hundred paths all day, and reversing is slow. The prefix tells apart."""
    if name in _NAMED and not _NO_STEP.search(keys[0]):
        before, after = _around(_prefix, name)
        return f"{before}{quote(keys[0], safe=_SAFE)}{after}"
    return reverse(f"public:{name}", args=keys)


@lru_cache(maxsize=64)
def _around(_prefix: str, name: str) -> tuple[str, str]:
    """What stands before and after the key in the paths of such pages."""
    before, _, after = reverse(f"public:{name}", args=[_KEY]).rpartition(_KEY)
    return before, after
