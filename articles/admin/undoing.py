"""Taking back one's own last act from the form, for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..models import Article, Transition
from ..states import UNDO
from ..stories.places import OWN, NewcomersCame
from ..workflow import undo
from ..workflow.undoing import may_undo, meant, time_of
from ..workflow.wording import ago, done_words
from . import leaf, open_forms
from .acts import actor_of

BUTTON = "_undo"
NEWCOMERS = "newcomers"
FROM, STORY = "from", "story"
"""Which page the button stands on, if not on the article's."""

STEP = 4
"""Acts on one article that one press may have been: it left, another leads, that one is public."""


@dataclass(frozen=True)
class Offer:
    """An act that may be taken back until a time; `says` what was done, `whose` doing it was."""

    act: Transition
    whose: str
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
    own = article.transitions.filter(_in_reach(actor), undone_by=None)
    acts = list(own.exclude(action=UNDO).exclude(before=None)[:STEP])
    if not acts or acts[0].version != article.version:
        return None
    act = meant([one for one in acts if one.at == acts[0].at])
    if act.at < now - time_of(act) or not may_undo(act, actor):
        return None
    whose = "Your last act here" if act.actor_id else "Done here by the newsroom itself"
    return Offer(act, whose, done_words(act.action), ago(now - act.at), act.at + time_of(act))


def _in_reach(actor: User) -> Q:
    """One's own acts, and those of the newsroom; imports have nothing to put back."""
    return Q(actor=actor) | Q(actor=None, run=None)


def take_back(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the act that was named; what was typed meanwhile is kept as a working copy."""
    article, actor = get_object_or_404(Article, pk=pk), actor_of(request)
    if not desk.has_change_permission(request, article):
        raise PermissionDenied
    said = request.POST.get(BUTTON, "")
    acts = article.transitions.filter(_in_reach(actor), pk=int(said) if said.isdecimal() else 0)
    act = acts.exclude(action=UNDO).select_related("article").first()
    if act is None:
        messages.error(request, "There is nothing of yours to take back.")
    else:
        open_forms.keep_unsaved(request, pk)
        undone = undo(actor, act=act, newcomers=_newcomers(request))
        if undone.asks is not None:
            return _ask(desk, request, article, act, undone.asks)
        _say(request, undone, act)
    if request.POST.get(FROM) == STORY:
        story = Article.objects.values_list("story", flat=True).get(pk=pk)
        return HttpResponseRedirect(reverse("admin:articles_story_change", args=[story]))
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _newcomers(request: HttpRequest) -> int | None:
    """Where those go that came since, as it was chosen; None when it was not asked."""
    said = request.POST.get(NEWCOMERS, "")
    return leaf.as_id(said) if said else None


def _ask(
    desk: Any, request: HttpRequest, article: Article, act: Transition, asks: NewcomersCame
) -> HttpResponse:
    return leaf.page(
        desk,
        request,
        "newcomers.html",
        title="Where do the newcomers go?",
        article=article,
        act=act,
        says=done_words(act.action),
        newcomers=asks.newcomers,
        choices=asks.choices,
        own=OWN,
        back=request.POST.get(FROM, ""),
    )


def _say(request: HttpRequest, undone: Any, act: Transition) -> None:
    for _, why in undone.refused:
        messages.error(request, f"Not taken back: {why}")
    if undone.done:
        messages.success(request, f"Taken back, as if never {done_words(act.action)}.")
