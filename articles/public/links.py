"""Which addresses readers may be sent to, and how the site's own are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

from .leads import Readable

_KEYS = ("KEY-1", "KEY-2")
_ONE = ("story", "topic", "topic-feed", "provider", "provider-feed", "api-news-under")
_FREE = {**dict.fromkeys(_ONE, 1), "card": 2}
"""Pages whose path has such a number of steps of any text, its first keys."""
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
    free = _FREE.get(name, 0)
    if not free or any(map(_NO_STEP.search, keys[:free])):
        return reverse(f"public:{name}", args=keys)
    steps = [*(quote(key, safe=_SAFE) for key in keys[:free]), ""]
    around = _around(_prefix, name, free, *keys[free:])
    return "".join(before + step for before, step in zip(around, steps, strict=True))


@lru_cache(maxsize=64)
def _around(_prefix: str, name: str, free: int, *others: str) -> list[str]:
    """What stands before, between and after the free steps in the paths of such pages."""
    path = reverse(f"public:{name}", args=[*_KEYS[:free], *others])
    found: list[str] = []
    for key in reversed(_KEYS[:free]):
        path, _, after = path.rpartition(key)
        found.insert(0, after)
    return [path, *found]
