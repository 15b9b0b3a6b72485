"""What stands beside the form: decision, story, notes, source and history of one article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from ..models import Article, Transition
from ..workflow import failures
from . import coverage, notes, origin, past, timeline
from .acts import buttons
from .cells import is_web, standing

GUARDS = {
    "is_lead": "Leads its story",
    "title": "Has a title",
    "web_url": "Has a working link, live only once",
    "provider": "Provider may be published",
    "published_at": "Has a publication time, not ahead",
    "topics": "Has its topics",
    "excerpt": "Excerpt is plain and short enough",
    "notes": "No open note blocks it",
}
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


@dataclass(frozen=True)
class Check:
    """One guard of the checklist; `failures` are empty when it holds."""

    name: str
    failures: list[str]


def of(article: Article, actor: User) -> dict[str, Any]:
    """The context of all panels; constant queries."""
    allowed, refused = buttons(article, actor)
    notes.load(article)
    context = {name: value for _, panel in PANELS for name, value in panel(article, actor).items()}
    return context | {
        "panels": [template for template, _ in PANELS],
        "article": article,
        "allowed": allowed,
        "refused": refused,
        "asks_why": any(button.asks_why for button in allowed),
        "checks": checklist(article),
        "standing": standing(article),
        "original": article.link if is_web(article.link) else "",
    }


def checklist(article: Article) -> list[Check]:
    """Every publish guard with what it says now."""
    said: dict[str, list[str]] = {name: [] for name in GUARDS}
    for failure in failures(article, timezone.now()):
        field = "web_url" if failure.field == "original_url" else failure.field
        said.setdefault(field, []).append(failure.message)
    return [Check(GUARDS.get(name, name), messages) for name, messages in said.items()]


def since(article: Article, version: int | None) -> list[Transition]:
    """What people did to the article after that version, oldest first."""
    later = article.transitions.filter(version__gt=version or 0).select_related("actor")
    return list(later.defer("changes").order_by("pk")[:ACTS])
