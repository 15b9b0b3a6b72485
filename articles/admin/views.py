"""Saved views: a list with its filters under a name, for oneself or for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..models import SavedView
from ..workflow.wording import name_of
from .acts import actor_of

NAME = "articles_article_view"
PERMISSION = "articles.review"
LONGEST_NAME, LONGEST_QUERY = 60, 2000
PASSING = ("p", "e")
"""Parameters that are of the moment, no part of a view."""

MOST = 40


@dataclass(frozen=True)
class View:
    """A saved view as the list shows it."""

    pk: int
    name: str
    query: str
    is_own: bool
    is_current: bool
    owner: str


def urls(desk: Any) -> list[URLPattern]:
    wrap = desk.admin_site.admin_view
    return [
        path("views/", wrap(require_POST(save)), name=NAME),
        path("views/<int:pk>/delete/", wrap(require_POST(delete)), name=f"{NAME}_delete"),
    ]


def for_list(request: HttpRequest) -> list[View]:
    """One's own views and the shared ones, by name; one query."""
    actor, here = actor_of(request), _lasting(request.GET.urlencode())
    seen = SavedView.objects.filter(Q(owner=actor) | Q(is_shared=True)).select_related("owner")
    return [
        View(
            view.pk,
            view.name,
            view.query,
            view.owner_id == actor.pk,
            view.query == here,
            "" if view.owner_id == actor.pk else name_of(view.owner),
        )
        for view in seen[:MOST]
    ]


def save(request: HttpRequest) -> HttpResponse:
    """Keeps the list that the form stands on; the same name again replaces it."""
    actor = actor_of(request)
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    query = _lasting(request.POST.get("query", ""))
    name = " ".join(request.POST.get("name", "").replace("\0", " ").split())
    if not name or len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        messages.error(request, f"A view needs a name of at most {LONGEST_NAME} characters.")
    else:
        values = {"query": query, "is_shared": "is_shared" in request.POST}
        made = {"created_at": timezone.now(), **values}
        SavedView.objects.update_or_create(
            owner=actor, name=name, defaults=values, create_defaults=made
        )
        messages.success(request, f"View “{name}” saved.")
    return _to(query)


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets one's own view."""
    actor = actor_of(request)
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    view = get_object_or_404(SavedView, pk=pk, owner=actor)
    view.delete()
    messages.success(request, f"View “{view.name}” deleted.")
    return _to(_lasting(request.POST.get("query", "")))


def _lasting(query: str) -> str:
    """A query string in one spelling, without what passes."""
    asked = QueryDict(query, mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    pairs = [(name, value) for name, values in asked.lists() for value in values if value]
    clean = QueryDict(mutable=True)
    for name, value in sorted(pairs):
        clean.appendlist(name, value)
    return clean.urlencode()


def _to(query: str) -> HttpResponse:
    page = reverse("admin:articles_article_changelist")
    return HttpResponseRedirect(f"{page}?{query}" if query else page)
