"""The stories that an article may belong to, asked for from its form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from ..stories.acts import PERMISSION
from ..stories.suggesting import suggest
from . import leaf
from .acts import actor_of
from .cells import standing


def urls(desk: Any) -> list[URLPattern]:
    view = desk.admin_site.admin_view(_suggested(desk))
    return [path("<int:pk>/story/suggested/", view, name="articles_article_suggested")]


def _suggested(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        return leaf.page(
            desk,
            request,
            "suggested.html",
            title="Stories it may belong to",
            article=article,
            suggestions=[(one, standing(one.lead)) for one in suggest(article)],
            has_coverage=article.story.member_count > 1,
            may_attach=actor_of(request).has_perm(PERMISSION),
        )

    return view
