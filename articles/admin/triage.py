"""Triage: the queue one article at a time, every act by key and by button.

The place in the queue is in the address, so that nothing that happens to a browser loses it. Each
act is a plain form; with JavaScript it is sent in the background, again until it is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache

from ..models import Article
from ..states import SpikeReason
from ..workflow import last_of
from ..workflow.wording import done_words
from . import triage_keys
from .acts import actor_of
from .triage_acts import Outcome, carry_out
from .triage_item import item, read
from .triage_queue import ASKED, NAME, Walk, number_of, walk

KEPT = ("act", "comment", "reason")
"""What was pressed and said, brought along through a sign-in."""


def urls(desk: Any) -> list[URLPattern]:
    """The addresses of triage, for `pages`."""
    guarded = desk.admin_site.admin_view
    keys = guarded(partial(triage_keys.choose, desk))
    return [
        path("triage/", _kept(desk, guarded(partial(triage, desk))), name=NAME),
        path("triage/keys/", keys, name=f"{NAME}_keys"),
    ]


def _kept(desk: Any, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A press that comes after the session ended is not lost: it is asked again after sign-in."""

    @never_cache
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not desk.admin_site.has_permission(request):
            return _signed_out(request)
        return page(request)

    return view


def _signed_out(request: HttpRequest) -> HttpResponse:
    kept = {name: request.POST.get(name, "") for name in KEPT}
    back = request.GET.copy()
    back.update({ASKED: kept.pop("act"), **kept})
    login = reverse("admin:login")
    if _is_script(request):
        page = urlencode({"next": request.get_full_path()})
        return JsonResponse({"signIn": f"{login}?{page}"}, status=401)
    page = urlencode({"next": f"{request.path}?{back.urlencode()}"})
    return HttpResponseRedirect(f"{login}?{page}")


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def triage(desk: Any, request: HttpRequest) -> HttpResponse:
    """One article of the queue, or what was pressed on it."""
    if not desk.has_view_or_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        if not desk.has_change_permission(request):
            raise PermissionDenied
        return _press(desk, request)
    return _show(desk, request)


def _show(desk: Any, request: HttpRequest) -> HttpResponse:
    here = walk(desk, request)
    article = read(here.at) if here.at else None
    if article is None and here.ids:
        return HttpResponseRedirect(here.address(here.ids[0]))
    context = _context(desk, request, here, article) | _unanswered(request)
    return TemplateResponse(request, "admin/articles/triage/page.html", context)


def _context(
    desk: Any, request: HttpRequest, here: Walk, article: Article | None
) -> dict[str, Any]:
    actor = actor_of(request)
    person = triage_keys.person_of(actor)
    keys = triage_keys.keys_of(person)
    last = last_of(actor)
    context = desk.admin_site.each_context(request) | {
        "title": article.title if article else "Triage",
        "subtitle": None,
        "is_nav_sidebar_enabled": False,
        "keys": keys,
        "usual_keys": [(keys.get(name, ""), label) for name, (_, label) in _help()],
        "tens": [(str(digit), digit * 10) for digit in range(10)],
        "reasons": [(reason.value, reason.words) for reason in SpikeReason],
        "reason": person.spike_reason if person else "",
        "last": last,
        "last_done": done_words(last.action) if last else "",
        "may_act": desk.has_change_permission(request),
        **_place(here),
    }
    return context | (item(article, actor, keys) if article is not None else {})


def _help() -> list[tuple[str, tuple[str, str]]]:
    return list(triage_keys.USUAL.items())


def _place(here: Walk) -> dict[str, Any]:
    index = here.index
    listed = reverse("admin:articles_article_changelist")
    return {
        "left": here.left,
        "position": None if index is None else index + 1,
        "here": here.address(here.at),
        "then": here.after,
        "next": here.address(here.after) if here.after else "",
        "previous": here.address(here.before) if here.before else "",
        "filters": here.filters,
        "list": f"{listed}?{here.filters}" if here.filters else listed,
    }


def _unanswered(request: HttpRequest) -> dict[str, str]:
    return {
        "asked": request.GET.get(ASKED, "").partition(":")[0],
        "typed_comment": request.GET.get("comment", ""),
        **({"reason": request.GET["reason"]} if request.GET.get("reason") else {}),
    }


def _press(desk: Any, request: HttpRequest) -> HttpResponse:
    article = read(number_of(request.POST.get("article", "")))
    if article is None:
        raise PermissionDenied
    outcome = carry_out(article, actor_of(request), request.POST)
    here = walk(desk, request)
    at = article.pk
    if outcome.moves:
        at = here.onward(number_of(request.POST.get("then", "")))
    if _is_script(request):
        return _told(desk, request, outcome, here.to(at))
    level = messages.SUCCESS if outcome.is_done else messages.ERROR
    messages.add_message(request, level, outcome.says)
    return HttpResponseRedirect(here.address(at))


def _told(desk: Any, request: HttpRequest, outcome: Outcome, here: Walk) -> JsonResponse:
    """The result and the page to go on with, in one answer."""
    context = _context(desk, request, here, read(here.at)) | {"user": request.user}
    return JsonResponse(
        {
            "isDone": outcome.is_done,
            "says": outcome.says,
            "page": here.address(here.at),
            "title": context["title"],
            "html": render_to_string("admin/articles/triage/walk.html", context, request),
        }
    )
