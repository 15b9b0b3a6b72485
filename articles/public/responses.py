"""What every page for anonymous readers has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from . import clock, replica, surrogates
from .clock import Clock
from .keeping import keep

MAX_AGE = 60
"""Seconds that any cache may keep a page."""

_FOR_READERS = "is_for_readers"
_MADE_OF = ("articles/**/*.py", "templates/**/*.*ml", "providers/*.py", "articles/static/public/*")


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everybody and that caches may keep for a minute.

    It answers GET and HEAD, for the time that `clock.of(request)` says. Its ETag is that of
    edition, clock and address, so that an unchanged page costs one query. No cache keeps it beyond
    the next boundary.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # SessionMiddleware deletes a malformed cookie when it finds one, and CsrfViewMiddleware
        # replaces it; both then vary on cookies.
        request.COOKIES = {}
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        vars(request)[_FOR_READERS] = True
        return replica.read(lambda: _answer(request, lambda: view(request, *args, **kwargs)))

    return page


def _answer(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    # Read before the page, unless it was given: what changes meanwhile has the next edition's ETag.
    now: Clock = vars(request).get("clock") or clock.read(timezone.now())
    clock.give(request, now)
    etag = _etag(request, now)
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = keep(request, etag, view)
    if response.status_code == 200:
        response.headers["ETag"] = etag
    date(response, now)
    return response


def date(response: HttpResponse, now: Clock) -> None:
    """Say of an answer how long caches may keep it."""
    response.headers["Cache-Control"] = f"public, max-age={now.lifetime(MAX_AGE)}"
    surrogates.mark(response, now)


def is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page for readers was made, the same for everybody."""
    return (
        _FOR_READERS in vars(request)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Vary" not in response.headers
    )


def not_understood(request: HttpRequest, sentence: str) -> HttpResponse:
    """The answer to a query that a page does not know: why, instead of a guess."""
    return render(request, "400.html", {"sentence": sentence}, status=400)


def by_content(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`for_readers` for what the clock changes at no boundary; its ETag is of what it says."""
    page = for_readers(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = page(request, *args, **kwargs)
        # ConditionalGetMiddleware gives it one.
        del response.headers["ETag"]
        return response

    return answer


def _etag(request: HttpRequest, now: Clock) -> str:
    said = "\n".join((release(), now.version, request.get_full_path()))
    # Weak: servers in front compress.
    return f'W/"{sha256(said.encode()).hexdigest()[:32]}"'


def release() -> str:
    """What the pages are made of beside the database: code, templates, settings."""
    return _digest() if settings.DEBUG else _digest_once()


def _digest() -> str:
    found = sha256(repr((settings.SITE_NAME, settings.SITE_URL, settings.TIME_ZONE)).encode())
    found.update(repr((settings.COVERAGE, settings.EMBED_HOSTS, settings.LANGUAGE_CODE)).encode())
    found.update(repr((settings.PICTURES, settings.HALF_LIFE_HOURS)).encode())
    found.update(repr((settings.AI_CRAWLERS, settings.SECURITY_CONTACT)).encode())
    root = Path(settings.BASE_DIR)
    for path in sorted(path for pattern in _MADE_OF for path in root.glob(pattern)):
        found.update(path.read_bytes())
    return found.hexdigest()


_digest_once = lru_cache(maxsize=1)(_digest)
