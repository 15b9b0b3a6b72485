"""What each act sends, by the form and by a bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles.models import Article

from .world import World

Sent = dict[str, Any]
WHY = "because of the matrix"


def later() -> str:
    """A time in two days as a browser sends it."""
    return timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


EXPLAINED = ("request_changes", "resubmit", "unpublish", "withdraw", "reinstate")
"""Acts that are refused without a word."""


def by_form(world: World, action: str) -> Sent:
    """A press in the bar with every answer that it needs."""
    answers = {"comment": WHY} if action in EXPLAINED else {}
    if action == "reschedule":
        answers["expire_at"] = later()
    if action == "assign":
        answers["assignee"] = str(world.colleague.pk)
    if action == "withdraw":
        answers["confirm"] = "withdraw"
    return {"_act": action} | {f"_{name}-{action}": said for name, said in answers.items()}


def by_bulk(world: World, kind: str, articles: list[Article]) -> Sent:
    """A bulk as its preview sends it."""
    answers = {
        "comment": WHY,
        "assignee": str(world.colleague.pk),
        "confirmation": "withdraw",
        "topic": str((world.common if kind == "remove_topic" else world.topic).pk),
        "quality": "77",
        "reason": "other",
    }
    if kind == "reschedule":
        answers["expire_at"] = later()
    chosen = " ".join(f"{article.pk}:{article.version}" for article in articles)
    return answers | {"kind": kind, "chosen": chosen}
