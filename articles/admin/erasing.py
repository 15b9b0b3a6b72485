"""Erasing: a superuser's page under a withdrawn article, and the record of what was erased."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from ..desk.erasing import erase
from ..models import Article, Erasure
from ..states import State
from . import leaf
from .acts import actor_of
from .readonly import ReadOnly

NAME = "articles_article_erase"


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("at", "stem", "actor", "reason")
    search_fields = ("stem",)
    list_display_links = None
    fields = ("at", "stem", "actor", "reason")


def urls(desk: Any) -> list[URLPattern]:
    """The page under one article."""
    return [path("<int:pk>/erase/", desk.admin_site.admin_view(_page(desk)), name=NAME)]


def _page(desk: Any) -> Any:
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        if not actor_of(request).is_superuser:
            raise PermissionDenied
        article = leaf.found(desk, request, pk)
        if request.method == "POST":
            return _act(request, article)
        return leaf.page(
            desk,
            request,
            "erase.html",
            title=f"Erase: {article.title}",
            article=article,
            is_withdrawn=article.state == State.WITHDRAWN,
        )

    return page


def _act(request: HttpRequest, article: Article) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("typed", "reason")}
    with leaf.Refusing(request) as refusing:
        erase(article, actor_of(request), **said)
    if refusing.is_refused:
        return HttpResponseRedirect(reverse(f"admin:{NAME}", args=[article.pk]))
    messages.success(request, f"Erased: {article.slug}")
    return HttpResponseRedirect(reverse("admin:articles_erasure_changelist"))
