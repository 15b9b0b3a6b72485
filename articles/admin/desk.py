"""The desk's first page: what waits, what stands where, what just happened."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from ..models import Article, Conflict, Transition
from ..states import State
from .cells import badge
from .queue import on_shelf

RECENT = 12


def overview() -> dict[str, Any]:
    """The context of the first page; constant queries."""
    counts = dict(Article.objects.order_by().values_list("state").annotate(Count("pk")))
    recent = Transition.objects.select_related("article", "actor", "run").defer("changes")
    return {
        "queue_count": on_shelf(Article.objects.all(), "queue").count(),
        "states": [(state.value, badge(state), counts.get(state.value, 0)) for state in State],
        "conflict_count": Conflict.objects.filter(resolution="").count(),
        "recent": [(act, badge(act.to_state)) for act in recent[:RECENT]],
    }
