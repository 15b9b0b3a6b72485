"""The publish guards as a checklist, each linked to the field where it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..workflow import GuardFailure

GUARDS = {
    "title": ("Has a title", "id_title"),
    "excerpt": ("Excerpt is plain and short enough", "id_excerpt"),
    "topics": ("Has its topics", "id_topic_order"),
    "web_url": ("Has a working link, live only once", "id_web_url"),
    "provider": ("Provider may be published", "id_provider"),
    "published_at": ("Has a publication time, not ahead", "id_published_at"),
    "is_lead": ("Leads its story", "desk-story"),
    "notes": ("No blocking note is open", "desk-notes"),
}
"""Column of a failure → (what it guards, the id on the page where it is mended)."""

SAME = {"original_url": "web_url"}


@dataclass(frozen=True)
class Check:
    """One guard; `failures` are empty when it holds."""

    name: str
    anchor: str
    failures: list[str]


def checklist(failures: Sequence[GuardFailure]) -> list[Check]:
    """Every guard with what it says, those that fail first."""
    said: dict[str, list[str]] = {name: [] for name in GUARDS}
    for failure in failures:
        said.setdefault(SAME.get(failure.field, failure.field), []).append(failure.message)
    checks = [
        Check(*GUARDS.get(name, (name.replace("_", " "), f"id_{name}")), messages)
        for name, messages in said.items()
    ]
    return sorted(checks, key=lambda check: not check.failures)
