"""What stands beside the form: decision, story, notes, source and history of one article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User

from ..models import Article
from . import coverage, notes, origin, past, timeline
from .cells import is_web, standing, window

ACTS = 50
"""Acts that a stale form names, at most."""

PANELS: tuple[tuple[str, Callable[[Article, User], dict[str, Any]]], ...] = (
    ("admin/articles/article/beside/memory.html", past.panel),
    ("admin/articles/article/beside/story.html", coverage.panel),
    ("admin/articles/article/beside/notes.html", notes.panel),
    ("admin/articles/article/beside/source.html", origin.panel),
    ("admin/articles/article/beside/timeline.html", timeline.panel),
)
"""(template, function that answers its context) of the panels beside the form, in their order."""


def of(article: Article, actor: User) -> dict[str, Any]:
    """The context of all panels; constant queries."""
    notes.load(article)
    context = {name: value for _, panel in PANELS for name, value in panel(article, actor).items()}
    return context | {
        "panels": [template for template, _ in PANELS],
        "article": article,
        "standing": standing(article),
        "window": window(article),
        "original": article.link if is_web(article.link) else "",
    }


def since(article: Article, version: int | None) -> list[timeline.Entry]:
    """What people did to the article after that version, oldest first."""
    later = article.transitions.filter(version__gt=version or 0).select_related("actor")
    return [timeline.entry_of(act) for act in later.order_by("pk")[:ACTS]]
