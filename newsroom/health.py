"""Two addresses for whoever keeps the site running."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503; either way the answer of each check, by name."""
    checks = readiness()
    return JsonResponse(checks, status=200 if set(checks.values()) == {"ok"} else 503)


def readiness() -> dict[str, str]:
    """Each check and "ok", or why not; an error's own text stays out, since anyone may ask."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return {"database": "does not answer", "migrations": "unknown"}
    return {"database": "ok", "migrations": f"{len(waiting)} to apply" if waiting else "ok"}
