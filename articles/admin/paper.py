"""The file of an article, to be looked at: as last agreed on, and what an export would change."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..exchange.looking import look
from . import leaf


def urls(desk: Any) -> list[URLPattern]:
    """The page's address."""
    page = desk.admin_site.admin_view(_page(desk))
    return [path("<int:pk>/file/", page, name="articles_article_file")]


def _page(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        return leaf.page(
            desk,
            request,
            "file.html",
            title=f"File: {article.title}",
            article=article,
            look=look(article, timezone.now()),
        )

    return view
