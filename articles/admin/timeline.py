"""Everything that happened to an article, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.safestring import SafeString

from ..models import Article, Note, Transition
from ..workflow import audit
from ..workflow.content import CHECKS
from ..workflow.wording import name_of
from .cells import badge

CONTENT = {*CHECKS, "topics"}
ENTRIES = 50
"""Newest entries of the timeline."""


@dataclass(frozen=True)
class Entry:
    """One line: an act with the revision it was done on, a note, or a file that came in.

    `says` is what happened, `words` what was said along, `compare` the page that shows what
    that revision changed, `run` the run's page.
    """

    at: datetime
    actor: str
    says: str
    badge: SafeString | str = ""
    words: str = ""
    keys: tuple[str, ...] = ()
    compare: str = ""
    run: str = ""


def panel(article: Article, _: User) -> dict[str, Any]:
    """The newest entries; one query after `notes.load`."""
    entries = timeline(article)
    return {"timeline": entries[:ENTRIES], "is_timeline_cut": len(entries) > ENTRIES}


def timeline(article: Article) -> list[Entry]:
    """The newest acts, notes and imports, newest first; one query beside that for notes."""
    acts = list(article.transitions.select_related("actor")[: ENTRIES + 1])
    notes = chain.from_iterable(map(_note, article.notes.all()))
    entries = [*map(entry_of, acts), *notes]
    if not any(act.from_state == "" for act in acts):
        entries += _arrival(article)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def entry_of(act: Transition) -> Entry:
    """One act as it is told; its comparison only where it changed what the article says."""
    actor = name_of(act.actor) if act.actor else "the file" if act.run_id else "the site"
    reason = act.reason.replace("_", " ")
    return Entry(
        act.at,
        actor,
        act.action.replace("_", " "),
        badge(act.to_state),
        ": ".join(said for said in (reason, act.comment) if said),
        tuple(key.replace("_", " ") for key in act.changes or () if key not in audit.TRACKED),
        _revision(act) if CONTENT & set(act.changes or ()) else "",
        _run(act.run_id),
    )


def _revision(act: Transition) -> str:
    """The page that shows what the act's revision changed."""
    if act.revision_id is None:
        return ""
    page = reverse("admin:articles_article_compare", args=[act.article_id])
    return f"{page}?b={act.revision_id}"


def _note(note: Note) -> Iterator[Entry]:
    says = "blocking note" if note.is_blocking else "note"
    yield Entry(note.created_at, name_of(note.author), says, words=note.text)
    if note.resolved_at:
        settled = f"settled a {says}"
        yield Entry(note.resolved_at, name_of(note.resolved_by), settled, words=note.text)


def _arrival(article: Article) -> Iterator[Entry]:
    if article.run_id:
        yield Entry(article.arrived_at, "the file", "came in", run=_run(article.run_id))


def _run(run: int | None) -> str:
    return reverse("admin:articles_run_change", args=[run]) if run else ""
