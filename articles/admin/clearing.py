"""The queue's last button: what is left goes to the backlog."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from ..desk.clearing import clear, restore
from ..models import Article
from . import bulk
from .acts import actor_of
from .queue import on_shelf

NAME = "articles_article_clear"


def urls(desk: Any) -> list[URLPattern]:
    wrap = desk.admin_site.admin_view
    return [
        path("clear/", wrap(require_POST(clear_page)), name=NAME),
        path("clear/undo/", wrap(require_POST(undo_page)), name=f"{NAME}_undo"),
    ]


def clear_page(request: HttpRequest) -> HttpResponse:
    """Moves what waited when the page was read; what arrived since stays."""
    now, batch = timezone.now(), uuid4().hex
    try:
        until = parse_datetime(request.POST.get("until", "")) or now
    except ValueError:
        until = now
    if timezone.is_naive(until):
        until = now
    queue = on_shelf(Article.objects.all(), "queue")
    number = clear(queue, actor_of(request), min(until, now), batch)
    bulk.remember_number(request, "moved to the backlog", number, batch, f"{NAME}_undo")
    return HttpResponseRedirect(reverse("admin:articles_article_changelist"))


def undo_page(request: HttpRequest) -> HttpResponse:
    """Brings one's own clearing back."""
    number = restore(actor_of(request), request.POST.get("batch", ""))
    bulk.remember_number(request, "back in the queue", number)
    return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
