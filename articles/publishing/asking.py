"""Asks the site for its pages as a reader would, without a network."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

_CLOSED = {"preview"}


class NotPublic(RuntimeError):
    """What answered is not the same for everybody; the message says which address."""


class NoAnswer(RuntimeError):
    """A page could not be made; the message says which, the log why."""


class Asking:
    """The site's own handler, middleware and all."""

    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def get(self, address: str) -> HttpResponseBase:
        """The answer at an address below SITE_URL, `/topics/x/?order=latest`.

        Raises NotPublic for one that sets a cookie, NoAnswer where the site is at fault: a page
        that is missing by mistake would be deleted.
        """
        parts = urlsplit(address)
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
                "QUERY_STRING": parts.query,
                "SERVER_NAME": settings.SITE_HOST,
                "SERVER_PORT": "443",
                # A site that wants TLS would only send us there.
                "wsgi.url_scheme": "https",
                "HTTP_X_FORWARDED_PROTO": "https",
                "wsgi.input": BytesIO(),
            }
        )
        response = self._handler.get_response(request)
        if response.cookies:
            raise NotPublic(address)
        is_front = parts.path == "/" and not parts.query
        if response.status_code >= 500 or (is_front and response.status_code != 200):
            raise NoAnswer(f"{address} answers {response.status_code}; nothing was deleted")
        return response


def content(response: HttpResponseBase) -> bytes:
    """The body of an answer."""
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue()
    assert isinstance(response, HttpResponse)
    return response.content


def is_for_readers(path: str) -> bool:
    """Whether a page for anonymous readers stands at a path below SITE_URL."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.namespace == "public" and match.url_name not in _CLOSED
