"""What every answer for programs has in common: JSON, open to scripts of any site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

from ..responses import for_readers

PREFLIGHT_SECONDS = 86_400
"""How long a browser may remember that it may ask."""


class Gone(Exception):
    """What was public once and no longer is; the message is for whoever asked."""


class Unclear(Exception):
    """A question that has no answer here; the message says what would have one."""


def for_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`for_readers` for JSON: any site's scripts may read it, and refusals are JSON too.

    A view raises Http404, Gone or Unclear; their messages are the answer.
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404 as error:
            return refusal(str(error), 404)
        except Gone as error:
            return refusal(str(error), 410)
        except Unclear as error:
            return refusal(str(error), 400)

    page = for_readers(wraps(view)(answer))

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_preflight = request.method == "OPTIONS"
        response = _preflight() if is_preflight else _news(request, page(request, *args, **kwargs))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    return opened


def as_json(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """An answer in UTF-8, its text as it is."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def refusal(message: str, status: int) -> JsonResponse:
    """`{"error": message}`."""
    return as_json({"error": message}, status)


def _news(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer itself, or 304; the middleware's 304 would not say that anyone may read it."""
    if response.status_code == 200 and "ETag" not in response:
        set_response_etag(response)
    return get_conditional_response(request, response.get("ETag"), response=response) or response


def _preflight() -> HttpResponse:
    # Browsers ask before they send a conditional request to another site.
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    patch_vary_headers(response, ["Access-Control-Request-Headers"])
    return response
