"""What every page for anonymous readers says to caches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

MAX_AGE = 60
"""Seconds that any cache may keep a page."""


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A public page. It reads neither session nor user, so it sets and varies on no cookie.

    Its ETag and the answer 304 come from Django's ConditionalGetMiddleware.
    """
    return _cached(HttpResponse(render_to_string(template, context, request), status=status))


def elsewhere(path: str) -> HttpResponse:
    """A redirect that may change tomorrow."""
    return _cached(HttpResponseRedirect(path))


def _cached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
