"""Asks the site for its pages as a reader would, without a network."""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.views.defaults import page_not_found

from ..public import clock
from ..public.clock import Clock

log = logging.getLogger(__name__)


class NotPublic(RuntimeError):
    """What answered is not the same for everybody; the message says which address."""


class NoAnswer(RuntimeError):
    """A page could not be made; the message says which, the log why."""


class Asking:
    """The site as of one moment: every page straight from its view, whose bytes no middleware
    changes."""

    def __init__(self, now: Clock) -> None:
        self._clock = now

    def get(self, address: str) -> HttpResponseBase:
        """The answer at an address below SITE_URL, `/topics/x/?order=latest`.

        Raises NotPublic for one that sets a cookie, NoAnswer where the site is at fault: a page
        that is missing by mistake would be deleted.
        """
        parts = urlsplit(address)
        request = _request(parts.path, parts.query)
        clock.give(request, self._clock)
        response = _viewed(request, match_of(parts.path), address)
        if response.cookies:
            raise NotPublic(address)
        is_front = parts.path == "/" and not parts.query
        if response.status_code >= 500 or (is_front and response.status_code != 200):
            raise NoAnswer(f"{address} answers {response.status_code}; nothing was deleted")
        return response

    def missing(self) -> HttpResponseBase:
        """The page for addresses at which nothing is."""
        return page_not_found(_request("/404/", ""), Resolver404())


def _request(path: str, query: str) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": settings.SITE_HOST,
            "SERVER_PORT": "443",
            # A site that wants TLS would only send us there.
            "wsgi.url_scheme": "https",
            "HTTP_X_FORWARDED_PROTO": "https",
            "wsgi.input": BytesIO(),
        }
    )


def _viewed(request: HttpRequest, match: ResolverMatch | None, address: str) -> HttpResponseBase:
    if match is None:
        return HttpResponseNotFound()
    request.resolver_match = match
    try:
        request.get_host()
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return HttpResponseNotFound()
    except SuspiciousOperation:
        return HttpResponseBadRequest()
    except Exception as error:
        log.exception("%s cannot be made", address)
        raise NoAnswer(f"{address} cannot be made; nothing was deleted") from error
    return response


def content(response: HttpResponseBase) -> bytes:
    """The body of an answer."""
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue()
    assert isinstance(response, HttpResponse)
    return response.content


@lru_cache(maxsize=16)
def match_of(path: str) -> ResolverMatch | None:
    """What stands at a path below SITE_URL, if it is for anonymous readers."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.namespace == "public" else None
