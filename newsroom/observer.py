"""Each request has a name, a line in the log, and its share of the figures."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from articles.observing import context, slow
from articles.observing.figures import note_request

NAME = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Routes that machines ask all day."""

log = logging.getLogger("newsroom.requests")


class Observer:
    """Middleware: outermost, so that it sees what every other answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(NAME, "") if settings.TRUST_PROXY else ""
        name = given if GIVEN.fullmatch(given) else uuid4().hex
        context.request_id.set(name)
        context.user_id.set(None)
        context.run_id.set(None)
        queries, begun = Queries(), perf_counter()
        with connection.execute_wrapper(queries):
            response = self._get_response(request)
        self._tell(request, response, queries, perf_counter() - begun)
        response.headers[NAME] = name
        return response

    def _tell(
        self, request: HttpRequest, response: HttpResponse, queries: Queries, seconds: float
    ) -> None:
        user = vars(request).get("_cached_user")
        context.user_id.set(getattr(user, "pk", None))
        match = request.resolver_match
        route = f"/{match.route}" if match is not None else "none"
        if settings.METRICS_TOKEN:
            method = request.method or ""
            note_request(method, route, response.status_code, seconds, queries.seconds)
        if queries.slow:
            slow.remember(queries.slow, route)
        if log.isEnabledFor(logging.INFO) and route not in QUIET:
            said = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "seconds": round(seconds, 4),
                "queries": queries.count,
                "database_seconds": round(queries.seconds, 4),
            }
            log.info("answered", extra=said)


class Queries:
    """Counts what one request asks of the database; keeps what took long, without its values."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0
        self.slow: list[tuple[str, float]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, cursor: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(sql, params, many, cursor)
        finally:
            took = perf_counter() - begun
            self.count += 1
            self.seconds += took
            if 0 < settings.SLOW_QUERY_MS <= took * 1000:
                self.slow.append((str(sql), took))
