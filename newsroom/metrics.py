"""/metrics: the figures of the site in Prometheus' form, for who has the token."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client import REGISTRY as OWN
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from articles.desk.counting import count_up_to
from articles.models import (
    WAITING,
    Article,
    Backup,
    Conflict,
    Edition,
    Run,
    SyncRun,
    Task,
    Transition,
)
from articles.states import State

MOST = 10_000
"""Articles of a kind are counted up to this: more would be walked at every look."""


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Not there without METRICS_TOKEN, or for who does not bring it as a bearer."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(given, wanted):
        raise Http404
    site, requests = CollectorRegistry(), OWN
    site.register(Site())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        collect: Callable[[CollectorRegistry], object] = MultiProcessCollector
        collect(requests)
    text = generate_latest(requests) + generate_latest(site)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class Site:
    """What the database says now; a constant number of queries, none of which walks far."""

    def collect(self) -> Iterator[Metric]:
        yield from _imports()
        yield from _syncs()
        yield from _workflow()
        yield from _tasks()
        last = Backup.objects.first()
        yield _gauge("last_backup", "When the last backup was made.", _at(last and last.made_at))


def _imports() -> Iterator[Metric]:
    ended = Run.objects.filter(finished_at__isnull=False).defer("report")
    for kind in Run.Kind.values:
        last = ended.filter(kind=kind).first()
        end = last.finished_at if last else None
        took = (end - last.started_at).total_seconds() if last and end else None
        yield _gauge(f"last_{kind}", f"When the last {kind} ended.", _at(end))
        yield _gauge(f"last_{kind}_seconds", f"How long the last {kind} took.", took)
        if last is not None:
            files = GaugeMetricFamily(
                f"newsroom_last_{kind}_files", "Its files.", labels=("kind", "outcome")
            )
            for what, counts in (last.totals or {}).items():
                for outcome, count in counts.items():
                    files.add_metric((what, outcome), count)
            yield files


def _syncs() -> Iterator[Metric]:
    last = SyncRun.objects.exclude(ended_at=None).first()
    yield _gauge("last_sync", "When the last sync ended.", _at(last and last.ended_at))
    failed = None if last is None else float(last.standing == SyncRun.Standing.FAILED)
    yield _gauge("last_sync_failed", "Whether it failed.", failed)


def _workflow() -> Iterator[Metric]:
    everything = Article.objects.all()
    counted = count_up_to(
        MOST,
        {
            "waiting": everything.filter(WAITING).order_by("pk"),
            "conflicts": Conflict.objects.filter(resolution=""),
            **{state.value: everything.filter(state__lower=state) for state in State},
        },
    )
    states = GaugeMetricFamily(
        "newsroom_articles", f"Articles by state, {MOST} for more.", labels=("state",)
    )
    for state in State:
        states.add_metric((state.value,), counted[state.value].number)
    yield states
    yield _gauge("conflicts", "Conflicts that nobody decided.", counted["conflicts"].number)
    yield _gauge("queue_articles", "Articles that may wait.", counted["waiting"].number)
    newest = Transition.objects.values_list("pk", flat=True).first()
    yield _gauge("acts", "Number of the newest act; grows by one an act.", newest or 0)
    edition = sum(Edition.objects.values_list("number", flat=True))
    yield _gauge("edition", "Grows with every change that readers could see.", edition)


def _tasks() -> Iterator[Metric]:
    found = GaugeMetricFamily("newsroom_tasks", "Work beside the site.", labels=("standing",))
    counts: dict[str, int] = dict(
        Task.objects.order_by().values_list("standing").annotate(count=Count("pk"))
    )
    for standing in Task.Standing.values:
        found.add_metric((standing,), counts.get(standing, 0))
    yield found
    waiting = Task.objects.filter(standing=Task.Standing.WAITING).order_by("due_at").first()
    overdue = max(0.0, (timezone.now() - waiting.due_at).total_seconds()) if waiting else 0.0
    yield _gauge("task_overdue_seconds", "How long the first task is overdue.", overdue)


def _gauge(name: str, says: str, value: float | None) -> Metric:
    found = GaugeMetricFamily(f"newsroom_{name}", says)
    if value is not None:
        found.add_metric((), value)
    return found


def _at(moment: Any) -> float | None:
    return moment.timestamp() if moment else None
