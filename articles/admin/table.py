"""The workflow as the desk's own page: its picture and its table, made from the table itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from ..desk.drawing import svg
from ..states import TABLE, Rule, State
from .cells import badge


@dataclass(frozen=True)
class Row:
    """One action: the states it is open in here, now, and where it leads."""

    action: str
    starts: list[SafeString]
    to: SafeString | str
    rule: Rule


def urls(desk: Any) -> list[URLPattern]:
    """The one page."""
    view = desk.admin_site.admin_view
    return [path("workflow/", view(_showing(desk)), name="articles_article_workflow")]


def _showing(desk: Any) -> Any:
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        if not desk.has_view_or_change_permission(request):
            raise PermissionDenied
        context = desk.admin_site.each_context(request) | {
            "title": "Workflow",
            "picture": svg(),
            "rows": [
                Row(
                    action.value.replace("_", " "),
                    [badge(state) for state in rule.open_in(four_eyes=settings.FOUR_EYES)],
                    badge(rule.to) if isinstance(rule.to, State) else rule.to.value,
                    rule,
                )
                for action, rule in TABLE.items()
            ],
            "four_eyes": settings.FOUR_EYES,
            "reapprove": settings.REAPPROVE_ON_EDIT,
            "min_topics": settings.MIN_TOPICS,
        }
        return TemplateResponse(request, "admin/articles/article/workflow.html", context)

    return page
