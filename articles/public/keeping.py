"""Pages that were made for one version of the site, kept for whoever asks for them next.

The key is the page's ETag, so of code, edition, latest boundary and address: what is kept is never
wrong, and whatever changes is a new key at once. A cache that does not answer makes pages slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..observing.caches import ask

ALIAS = "pages"
_ask = partial(ask, alias=ALIAS)
MOST_BYTES = 1_000_000
"""Larger answers are few and would push many others out."""

PATIENCE = 3.0
"""Seconds to wait for somebody else who is making the page; then it is made here as well."""

PAUSE = 0.02


class Kept(NamedTuple):
    """What is left of an answer: it is 200."""

    content: bytes
    headers: list[tuple[str, str]]

    def opened(self) -> HttpResponse:
        """The answer, as it was made."""
        return HttpResponse(self.content, headers=dict(self.headers))


def keep(request: HttpRequest, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page of that ETag: as kept, or made now and kept.

    Of many who ask at once for one that is not there, one makes it and the others wait. What
    follows a `?` is anybody's, and would push out what everybody asks for.
    """
    if not settings.PAGE_SECONDS or request.META.get("QUERY_STRING"):
        return make()
    if (kept := _kept(etag)) is not None:
        return kept.opened()
    is_maker = _ask("add", f"{etag}:made", True, PATIENCE)
    try:
        # Whoever made it a moment ago kept it before he let go of the mark.
        kept = _awaited(etag) if is_maker is False else _kept(etag)
        if kept is not None:
            return kept.opened()
        response = make()
        _put(etag, response)
        return response
    finally:
        if is_maker:
            _ask("delete", f"{etag}:made")


def _awaited(etag: str) -> Kept | None:
    """The page that somebody else makes; None when nothing comes of it, or no cache answers."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        sleep(PAUSE)
        if (kept := _kept(etag)) is not None:
            return kept
        if _ask("get", f"{etag}:made") is None:
            # Whoever made it kept nothing: it is an error, or large.
            return _kept(etag)
    return None


def _kept(etag: str) -> Kept | None:
    found = _ask("get", etag)
    return None if found is None else Kept(*found)


def _put(etag: str, response: HttpResponse) -> None:
    if response.status_code != 200 or response.streaming or response.cookies:
        return
    if len(response.content) <= MOST_BYTES:
        kept = Kept(response.content, list(response.headers.items()))
        _ask("set", etag, tuple(kept), settings.PAGE_SECONDS)
