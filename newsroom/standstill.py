"""When nothing can be written: readers are served, and who wants to save is told so."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

from articles.writing import NO_ROOM

from .refusals import not_understood

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_SECONDS = 60

READ_ONLY = (
    "The site can only be read just now, so nothing was saved or changed. Go back with your"
    " browser to keep what you typed, and try again later."
)
NO_DATABASE = (
    "The site cannot reach or write its data just now, so nothing was changed. Go back with your"
    " browser to keep what you typed, and try again in a minute."
)

NO_ROOM_LEFT = (
    "The disk of the site is full, so nothing was saved or changed. Whoever looks after the site"
    " has to make room; go back with your browser to keep what you typed, and try again then."
)

LOST_SIGHT = (
    "The site lost sight of its data for a moment. Look whether what you did is there before you do"
    " it again."
)

log = logging.getLogger(__name__)


class StandStill:
    """Middleware: with READ_ONLY every request that would write is answered 503 with a sentence,
    and so is any that meets a database which is locked, full, read-only or not there, or a disk
    that takes nothing more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.READ_ONLY:
            return self._get_response(request)
        if request.method not in SAFE:
            return _unavailable(request, READ_ONLY)
        response = self._get_response(request)
        # What a page would remember until the next one is no reason to refuse it.
        request.session.modified = False
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        sentence = sentence_for(exception)
        if not sentence:
            return None
        log.exception("the database or the disk did not do what was asked")
        return _unavailable(request, sentence)


def fault(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that no middleware was asked about: one of middleware itself, as
    where a session is kept or a large body is put aside."""
    error = sys.exc_info()[1]
    sentence = sentence_for(error) if error else ""
    return _unavailable(request, sentence) if sentence else server_error(request)


def cut_off(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what Django takes for the visitor's mistake: a session that could not be kept
    because the database went away, after whatever was asked for was done, is none."""
    if isinstance(exception, SessionInterrupted):
        before = exception.__context__
        while before is not None:
            if sentence_for(before):
                return _unavailable(request, LOST_SIGHT)
            before = before.__context__
    return not_understood(request, exception)


def sentence_for(error: BaseException) -> str:
    """What to say of an error that passes by itself; empty for one that is a fault of ours.

    PostgreSQL says InternalError when it may not write.
    """
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return READ_ONLY if settings.READ_ONLY else NO_DATABASE
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return NO_ROOM_LEFT
    return ""


def _let_go(request: HttpRequest) -> None:
    """Of what was put aside of a body that did not come to its end: Django leaves it until memory
    is tidied, and on a disk that is full it is in everybody's way."""
    if request.content_type == "multipart/form-data":
        for handler in request.upload_handlers:
            with suppress(OSError):
                handler.upload_interrupted()


def _unavailable(request: HttpRequest, sentence: str) -> HttpResponse:
    _let_go(request)
    response = render(request, "503.html", {"sentence": sentence}, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response
