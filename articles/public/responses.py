"""What every page for anonymous readers has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

MAX_AGE = 60
"""Seconds that any cache may keep a page."""


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everybody and that caches may keep for a minute.

    It answers GET and HEAD. Its ETag and the answer 304 come from ConditionalGetMiddleware.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # SessionMiddleware deletes a malformed cookie when it finds one, and CsrfViewMiddleware
        # replaces it; both then vary on cookies.
        request.COOKIES = {}
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = f"public, max-age={MAX_AGE}"
        return response

    return page
