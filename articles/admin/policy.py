"""What the publishing policy would have done, and did: looked at before it is switched on."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..desk.autopublish import outcomes, rehearse
from . import leaf
from .cells import standing

DAYS = 30
SHOWN = 25
"""Articles that the page judges, the newest; each asks the index what is like it."""


def urls(desk: Any) -> list[URLPattern]:
    view = desk.admin_site.admin_view(_rehearsal(desk))
    return [path("auto-publish/", view, name="articles_article_auto_publish")]


def _rehearsal(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if not desk.has_view_permission(request):
            raise PermissionDenied
        verdicts = rehearse(DAYS, timezone.now(), SHOWN)
        became = outcomes(verdicts)
        lines = [(one, standing(one.article), became[one.article.pk]) for one in verdicts]
        would = [line for line in lines if not line[0].left_to_people]
        return leaf.page(
            desk,
            request,
            "auto_publish.html",
            title="Publishing by itself",
            is_on=settings.AUTO_PUBLISH and not settings.FOUR_EYES,
            is_four_eyes=settings.FOUR_EYES,
            days=DAYS,
            would=would,
            left=[line for line in lines if line[0].left_to_people],
            words=Counter(outcome.word for _, _, outcome in would).most_common(),
            is_cut=len(verdicts) == SHOWN,
        )

    return view
