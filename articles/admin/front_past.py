"""The front page at any moment, and two moments compared. Named is only what is public now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import FrontSnapshot
from ..snapshots import at_moment
from ..stories.moves import moves, named
from . import leaf

NAME = "articles_story_front"
LISTED = 24
"""Newest snapshots that the page offers."""

BACK = timedelta(hours=24)
"""How far apart the two moments lie unless somebody says otherwise."""


def urls(admin: Any) -> list[URLPattern]:
    view = admin.admin_site.admin_view(require_safe(partial(page, admin)))
    return [path("front/", view, name=NAME)]


def page(admin: Any, request: HttpRequest) -> HttpResponse:
    """Two moments side by side; by default now and a day before."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    later = leaf.moment(request.GET.get("b", ""), now)
    earlier = leaf.moment(request.GET.get("a", ""), later - BACK)
    if earlier > later:
        earlier, later = later, earlier
    b = at_moment(later)
    a = at_moment(earlier) or FrontSnapshot.objects.order_by("at", "id").first()
    found = moves(a, b) if a is not None and b is not None else []
    articles = named(found)
    context = {
        **admin.admin_site.each_context(request),
        "title": "The front page at any moment",
        "subtitle": None,
        "opts": admin.opts,
        "a": a,
        "b": b,
        "asked_a": _field(earlier),
        "asked_b": _field(later),
        "zone": timezone.localtime(now).tzname(),
        "moves": [(move, articles.get(move.lead)) for move in found],
        "snapshots": [(row, _field(row.at)) for row in FrontSnapshot.objects.only("at")[:LISTED]],
    }
    return TemplateResponse(request, "admin/articles/story/front.html", context)


def _field(at: datetime) -> str:
    """As a field for a date and a time takes it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")
