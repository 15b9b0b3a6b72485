"""The stories that an article may belong to, and how its own story holds together, asked for from
its form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from ..desk.memory import remembered
from ..models import Story
from ..states import State
from ..stories.acts import PERMISSION
from ..stories.cohesion import Stranger, stories_like, strangers_in
from ..stories.suggesting import Suggestion, suggest
from . import leaf
from .acts import actor_of
from .cells import standing


def urls(desk: Any) -> list[URLPattern]:
    view = desk.admin_site.admin_view(_suggested(desk))
    return [path("<int:pk>/story/suggested/", view, name="articles_article_suggested")]


def context(story: Story) -> dict[str, Any]:
    """How a story holds together: what looks like one with it, and what does not belong in it;
    a constant number of queries, none where it is of one article."""
    if story.member_count < 2:
        return {"twins": [], "strangers": []}
    return {"twins": _with_badges(stories_like(story)), "strangers": _strangers(story)}


def _suggested(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        around = context(article.story)
        known = {one.lead.pk for one, _ in around["twins"]}
        alone = [one for one in suggest(article) if one.lead.pk not in known]
        return leaf.page(
            desk,
            request,
            "suggested.html",
            title="Stories it may belong to",
            article=article,
            suggestions=_with_badges(one for one in alone if one.is_possible),
            unlikely=_with_badges(one for one in alone if not one.is_possible),
            memories=remembered(article, [one.same for one in alone if one.same]),
            may_attach=actor_of(request).has_perm(PERMISSION),
            **around,
        )

    return view


def _with_badges(suggestions: Any) -> list[tuple[Suggestion, str]]:
    return [(one, standing(one.lead)) for one in suggestions]


def _strangers(story: Story) -> list[tuple[Stranger, str, bool]]:
    """Members that do not belong: each with its badge, and whether it may be taken out."""
    return [
        (one, standing(one.article), one.article.state != State.PUBLISHED)
        for one in strangers_in(story)
    ]
