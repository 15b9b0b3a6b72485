"""Figures of requests, in Prometheus' form; with PROMETHEUS_MULTIPROC_DIR of all processes."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_requests = Counter(
    "newsroom_requests", "Requests by route, method and status.", ("route", "method", "status")
)
_seconds = Histogram("newsroom_request_seconds", "Time to answer.", ("route",), buckets=STEPS)
_database = Counter("newsroom_database_seconds", "Time that statements took.", ("route",))

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def note_request(method: str, route: str, status: int, seconds: float, database: float) -> None:
    """Count an answer; names of methods that visitors make up are one."""
    kind = method if method in METHODS else "other"
    _requests.labels(route, kind, str(status)).inc()
    _seconds.labels(route).observe(seconds)
    _database.labels(route).inc(database)
