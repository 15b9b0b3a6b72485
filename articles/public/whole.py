"""Whole answers to readers, kept by this process: asked for again, one is not even dressed anew.

Each is that of one version of the site (`Clock.version`), so that whatever changes, and every
boundary of the clock, ends it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import clock, replica, responses

MOST = 200
MOST_BYTES = 200_000
"""Of one answer; larger ones are few."""

_CONDITIONAL = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")


class Answer(NamedTuple):
    """One that was given by that version; `match` is the address that the site found for it."""

    version: str
    content: bytes
    headers: dict[str, str]
    match: Any


_answers: dict[tuple[str, ...], Answer] = {}


def answered(
    request: HttpRequest,
    answer: Callable[[HttpRequest], HttpResponse],
    *,
    is_free: Callable[[HttpRequest], bool],
) -> HttpResponse:
    """What was answered to the same question, else what is answered now, kept if it is the same
    for everybody and `is_free`: nobody counts how often it is asked for."""
    if not _is_plain(request):
        return answer(request)
    key = _key(request)
    if found := _answers.get(key):
        now = replica.read(lambda: clock.reread(timezone.now()))
        if found.version == now.version:
            request.resolver_match = found.match
            response = HttpResponse(found.content, headers=found.headers)
            responses.date(response, now)
            return response
        clock.give(request, now)
    response = answer(request)
    if responses.is_for_all(request, response) and is_free(request):
        _keep(key, request, response)
    return response


def forget() -> None:
    """For another database: the versions of two may be the same."""
    _answers.clear()


def _is_plain(request: HttpRequest) -> bool:
    """Whether it is the question that most ask."""
    meta = request.META
    return (
        request.method == "GET"
        # A whole site is published as of one moment.
        and not clock.is_given(request)
        and bool(settings.PAGE_SECONDS)
        and not settings.DEBUG
        and not meta.get("QUERY_STRING")
        and not any(name in meta for name in _CONDITIONAL)
    )


def _key(request: HttpRequest) -> tuple[str, ...]:
    """All that an answer to everybody may depend on, version apart."""
    host = str(request.META.get("HTTP_HOST", ""))
    return host, str(request.scheme), request.path, responses.release()


def _keep(key: tuple[str, ...], request: HttpRequest, response: HttpResponse) -> None:
    if len(response.content) > MOST_BYTES:
        return
    if len(_answers) >= MOST:
        _answers.clear()
    headers = dict(response.headers.items())
    version = clock.of(request).version
    _answers[key] = Answer(version, response.content, headers, request.resolver_match)
