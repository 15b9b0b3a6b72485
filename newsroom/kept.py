"""What most readers ask for is answered before anything else of the site is asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.public import whole

from .throttle import kind_of


class Kept:
    """Middleware: within what counts requests, around all that dresses an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return whole.answered(request, self._get_response, is_free=_is_free)


def _is_free(request: HttpRequest) -> bool:
    return not kind_of(request)
