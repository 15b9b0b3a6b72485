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

from ..models import Article, Note, PushedChange, Transition
from ..workflow import audit
from ..workflow.content import CHECKS
from ..workflow.wording import doer_of, done_words, name_of
from .cells import badge

CONTENT = {*CHECKS, "topics"}
ENTRIES = 50
"""Newest entries of the timeline."""

COMMITS = 15
"""Commits of others among them: a robot makes one an hour."""


@dataclass(frozen=True)
class Entry:
    """One line: an act with the revision it was done on, a note, a file that came in, or what was
    done to it in the repository.

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
    """The newest entries; two queries after `notes.load`."""
    entries = timeline(article)
    return {"timeline": entries[:ENTRIES], "is_timeline_cut": len(entries) > ENTRIES}


def timeline(article: Article) -> list[Entry]:
    """The newest acts, notes, imports and commits of others, newest first; two queries beside
    that for notes."""
    acts = list(article.transitions.select_related("actor").defer("before")[: ENTRIES + 1])
    notes = chain.from_iterable(map(_note, article.notes.all()))
    pushed = article.pushed.select_related("commit").order_by("-commit__at", "-pk")[:COMMITS]
    entries = [*map(entry_of, acts), *notes, *map(_pushed, pushed)]
    if not any(act.from_state == "" for act in acts):
        entries += _arrival(article)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def entry_of(act: Transition) -> Entry:
    """One act as it is told; its comparison only where it changed what the article says."""
    reason = act.reason.replace("_", " ")
    return Entry(
        act.at,
        doer_of(act),
        done_words(act.action),
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


def _pushed(change: PushedChange) -> Entry:
    """What somebody did to the file in the repository, in his own words."""
    commit = change.commit
    return Entry(
        commit.at,
        commit.author or commit.address,
        change.get_fate_display(),
        words=commit.message,
        keys=tuple(change.keys),
    )


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
