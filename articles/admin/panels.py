"""What stands beside the form: decision, story, source and history of one article, read only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from ..exchange.bases import read_in
from ..models import Article, Conflict, RelatedItem, Revision, Source, Transition
from ..stories.counts import related_items
from ..workflow import failures
from .acts import buttons
from .cells import badge, is_web, standing

GUARDS = {
    "is_lead": "Leads its story",
    "title": "Has a title",
    "web_url": "Has a working link, live only once",
    "provider": "Provider may be published",
    "published_at": "Has a publication time, not ahead",
    "topics": "Has its topics",
    "excerpt": "Excerpt is plain and short enough",
}
SEAL = re.compile(rb"^secured:", re.MULTILINE)
SEALED_KEY = "secured"
ENTRIES = 50
"""Newest entries of the timeline."""

PANELS: tuple[tuple[str, Callable[[Article, User], dict[str, Any]]], ...] = ()
"""(template, function that answers its context) of the panels beside the form, in their order."""


@dataclass(frozen=True)
class Check:
    """One guard of the checklist; `failures` are empty when it holds."""

    name: str
    failures: list[str]


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a transition, or a revision that no transition made."""

    at: datetime
    actor: str
    says: str
    badge: str = ""
    transition: Transition | None = None


def of(article: Article, actor: User) -> dict[str, Any]:
    """The context of all panels; constant queries."""
    allowed, refused = buttons(article, actor)
    members = _members(article)
    context = {name: value for _, panel in PANELS for name, value in panel(article, actor).items()}
    return context | {
        "panels": [template for template, _ in PANELS],
        "article": article,
        "allowed": allowed,
        "refused": refused,
        "asks_why": any(button.asks_why for button in allowed),
        "checks": checklist(article),
        "members": [(member, standing(member)) for member in members],
        "standing": standing(article),
        "items": _items(members),
        "timeline": timeline(article),
        "original": article.link if is_web(article.link) else "",
        **_source(article),
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
    return list(later.defer("changes").order_by("pk")[:ENTRIES])


def timeline(article: Article) -> list[Entry]:
    """The newest acts and revisions, newest first."""
    acts = article.transitions.select_related("actor", "run")[:ENTRIES]
    made = list(acts)
    spoken = {act.revision_id for act in made}
    revisions = article.revisions.select_related("actor").defer("data")[:ENTRIES]
    loose = (revision for revision in revisions if revision.pk not in spoken)
    entries = chain(map(_act, made), map(_revision, loose))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES]


def _act(act: Transition) -> Entry:
    actor = str(act.actor) if act.actor else str(act.run or "the site")
    return Entry(act.at, actor, act.action.replace("_", " "), badge(act.to_state), act)


def _revision(revision: Revision) -> Entry:
    return Entry(revision.created_at, str(revision.actor or "the site"), f"revision {revision.pk}")


def _members(article: Article) -> list[Article]:
    members = article.story.members.select_related("provider")
    content = ("body", "embed", "images", "provider_images", "excerpt", "warnings")
    return list(members.defer(*content).order_by("-is_lead", "-quality", "slug"))


def _items(members: list[Article]) -> list[RelatedItem]:
    found = chain.from_iterable(related_items([member.pk for member in members]).values())
    once = {item.pk: item for item in found}
    return sorted(once.values(), key=lambda item: (-(item.quality or 0), item.title))


def _source(article: Article) -> dict[str, Any]:
    source = (
        Source.objects.filter(kind=Source.Kind.ARTICLE, key=article.slug)
        .select_related("run")
        .first()
    )
    if source is None:
        return {"source": None, "conflicts": []}
    read_in([source])
    conflicts = list(Conflict.objects.filter(source=source, resolution=""))
    for conflict in conflicts:
        if conflict.key == SEALED_KEY:
            conflict.ours = conflict.theirs = "sealed"
    return {
        "source": source,
        "is_sealed": bool(source.base_bytes and SEAL.search(source.base_bytes)),
        "conflicts": conflicts,
    }
