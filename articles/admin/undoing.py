"""Taking back one's own last act from the form, for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..models import Article, Transition
from ..states import DONE, UNDO, Action
from ..workflow import undo
from ..workflow.undoing import TIME
from ..workflow.wording import ago
from . import open_forms
from .acts import actor_of

BUTTON = "_undo"


@dataclass(frozen=True)
class Offer:
    """An act that its actor may take back until a time."""

    act: Transition
    says: str
    ago: str
    until: datetime


def urls(desk: Any) -> list[URLPattern]:
    """The address that takes an act back."""
    view = desk.admin_site.admin_view(require_POST(partial(take_back, desk)))
    return [path("<int:pk>/undo/", view, name="articles_article_undo")]


def offer(article: Article, actor: User) -> Offer | None:
    """The act on this article that the actor can take back now, as `undoable` has it; one query."""
    now = timezone.now()
    own = article.transitions.filter(actor=actor, version=article.version, at__gte=now - TIME)
    act = own.filter(undone_by=None).exclude(action=UNDO).exclude(before=None).first()
    return Offer(act, done(act.action), ago(now - act.at), act.at + TIME) if act else None


def done(action: str) -> str:
    """`published`, `sent back`; acts on stories by their own name."""
    return DONE[Action(action)] if action in set(Action) else action.replace("_", " ")


def take_back(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the act that was named; what was typed meanwhile is kept as a working copy."""
    article, actor = get_object_or_404(Article, pk=pk), actor_of(request)
    if not desk.has_change_permission(request, article):
        raise PermissionDenied
    said = request.POST.get(BUTTON, "")
    acts = article.transitions.filter(actor=actor, pk=int(said) if said.isdecimal() else 0)
    act = acts.exclude(action=UNDO).select_related("article").first()
    if act is None:
        messages.error(request, "There is nothing of yours to take back.")
    else:
        open_forms.keep_unsaved(request, pk)
        _say(request, undo(actor, act=act), act)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _say(request: HttpRequest, undone: Any, act: Transition) -> None:
    for _, why in undone.refused:
        messages.error(request, f"Not taken back: {why}")
    if undone.done:
        messages.success(request, f"Taken back: it is no longer {done(act.action)}.")
