"""What editors tell one another about an article, beside its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from ..models import Article, Note
from ..workflow import add_note, resolve_note
from ..workflow.notes import LONGEST, mentioned, unknown
from ..workflow.rights import may_change
from ..workflow.wording import name_of
from . import leaf
from .acts import actor_of

ANCHOR = "desk-notes"
REVIEWING = "articles.review"
SETTLED = 5
"""Settled notes that stay in sight; the timeline has all of them."""


def load(article: Article) -> None:
    """Read the notes once for all panels, newest first."""
    notes = Note.objects.select_related("author", "resolved_by")
    prefetch_related_objects([article], Prefetch("notes", notes))


def panel(article: Article, actor: User) -> dict[str, Any]:
    """Open notes, those that block first, then what was settled last; no query after `load`."""
    notes = article.notes.all()
    waiting = [note for note in notes if note.resolved_at is None]
    may_block = actor.has_perm(REVIEWING)
    return {
        "open_notes": sorted(waiting, key=lambda note: not note.is_blocking),
        "settled_notes": [note for note in notes if note.resolved_at is not None][:SETTLED],
        "may_block": may_block,
        "may_note": may_block or may_change(article, actor),
        "longest_note": LONGEST,
    }


def urls(desk: Any) -> list[URLPattern]:
    """Where notes are written and settled."""
    view = desk.admin_site.admin_view
    return [
        path(f"<int:pk>/notes/{name}/", view(act(desk)), name=f"articles_article_{name}_note")
        for name, act in (("add", _adding), ("resolve", _resolving))
    ]


def _adding(desk: Any) -> Any:
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article, actor = leaf.found(desk, request, pk), actor_of(request)
        text, is_blocking = request.POST.get("text", ""), "is_blocking" in request.POST
        try:
            note = add_note(article, actor, text, is_blocking=is_blocking)
        except ValidationError as wrong:
            return _again(desk, request, article, text, wrong)
        messages.success(request, f"Noted.{_told(note, actor)}")
        if nobody := unknown(note.text):
            names = ", ".join(f"@{name}" for name in nobody)
            messages.warning(request, f"Nobody here is called {names}; nobody was told.")
        return leaf.back(article, ANCHOR)

    return view


def _told(note: Note, author: User) -> str:
    told = [name_of(person) for person in mentioned(note.text) if person.pk != author.pk]
    return f" {', '.join(told)} will be told." if told else ""


def _again(
    desk: Any, request: HttpRequest, article: Article, text: str, wrong: ValidationError
) -> HttpResponse:
    """What was typed, to be mended: a refused note is not lost."""
    answer = leaf.page(
        desk,
        request,
        "note.html",
        title=f"Note: {article.title}",
        article=article,
        text=text,
        is_blocking="is_blocking" in request.POST,
        errors=wrong.messages,
        may_block=actor_of(request).has_perm(REVIEWING),
    )
    answer.status_code = 422
    return answer


def _resolving(desk: Any) -> Any:
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        note = article.notes.filter(pk=leaf.id_in(request, "note")).first()
        if note is None:
            raise Http404("This article has no such note.")
        resolve_note(note, actor_of(request))
        messages.success(request, "The note is settled.")
        return leaf.back(article, ANCHOR)

    return view
