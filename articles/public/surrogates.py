"""What a CDN may keep, for how long, and the keys by which it is told to forget it (CDN_KEYS).

A story's page has the story's key and that of its picture's address; whatever lists stories has
the one of lists. Browsers keep a page as long as ever: they cannot be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.http import HttpResponse

from .clock import Clock

SITE, LISTS = "site", "lists"
"""Keys of every page, and of all that are not one story's."""

LIFETIMES = {"Surrogate-Key": "Surrogate-Control", "Cache-Tag": "CDN-Cache-Control"}
"""The header that says how long a CDN keeps a page, by the one that has its keys."""

_BETWEEN = {"Surrogate-Key": " ", "Cache-Tag": ","}
_ASKED = {"Surrogate-Key": "surrogate_keys", "Cache-Tag": "tags"}


def of_story(story: int) -> str:
    return f"story-{story}"


def of_address(number: int) -> str:
    """The key of pages that show the picture at an address (`images.keeping.address_number`)."""
    return f"image-{number}"


def name(response: HttpResponse, keys: Iterable[str]) -> None:
    """Give an answer its keys, where a CDN wants any."""
    if settings.CDN_KEYS:
        response.headers[settings.CDN_KEYS] = _BETWEEN[settings.CDN_KEYS].join(keys)


def asking(keys: Sequence[str]) -> dict[str, str]:
    """The headers of a request to forget these: by them, or by its body, as the CDN wants it."""
    own = {settings.CDN_KEYS: _BETWEEN[settings.CDN_KEYS].join(keys)}
    return {"Content-Type": "application/json", **own}


def asked(keys: Sequence[str]) -> bytes:
    """Its body."""
    return json.dumps({_ASKED[settings.CDN_KEYS]: keys}).encode()


def mark(response: HttpResponse, now: Clock) -> None:
    """Say of a page how long a CDN may keep it, and give it keys if it has none.

    What is no page (a redirect, what is gone, what was not understood) has the lifetime that
    browsers are told: nobody knows by which key it would be forgotten.
    """
    if not settings.CDN_KEYS or response.status_code not in (200, 304):
        return
    if response.status_code == 200 and settings.CDN_KEYS not in response.headers:
        name(response, (SITE, LISTS))
    if settings.CDN_SECONDS:
        lifetime = now.lifetime(settings.CDN_SECONDS)
        response.headers[LIFETIMES[settings.CDN_KEYS]] = f"max-age={lifetime}"
