"""The admin site as a desk: what waits for a decision comes first, and nothing is cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from articles.desk import second_step
from articles.models import Article
from articles.workflow import notices

FIRST = ("articles", "providers")
"""The apps an editor works in, before those that keep accounts."""

SECOND_STEP = "articles_person_second"
"""The page that asks for a code (`articles.admin.account`)."""

CALLED = {"Person": "People"}
"""What the desk calls pages that are named after no row."""


class DeskSite(AdminSite):
    enable_nav_sidebar = False
    index_title = "Desk"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = settings.SITE_NAME
        named = {"site_title": name, "site_header": name, "is_read_only": settings.READ_ONLY}
        # Counted where a page says it: answers without a header ask nothing.
        unseen = {"unseen_count": lambda: _unseen_count(request)}
        return super().each_context(request) | named | unseen

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Every page says no-store: Django leaves out the password form and a script."""
        return super().admin_view(view)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a second step, or needs one here, has to have gone it."""
        return super().has_permission(request) and not second_step.is_missing(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if super().has_permission(request) and second_step.is_missing(request):
            ahead = {REDIRECT_FIELD_NAME: request.GET.get(REDIRECT_FIELD_NAME, "")}
            return HttpResponseRedirect(f"{reverse(f'admin:{SECOND_STEP}')}?{urlencode(ahead)}")
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        # The site is made before the rooms that register with it, so that it cannot import them.
        desk: Any = self.get_model_admin(Article)
        if not desk.has_view_or_change_permission(request):
            return self._outside(request)
        return super().index(request, desk.overview(request) | (extra_context or {}))

    def _outside(self, request: HttpRequest) -> TemplateResponse:
        """The first page of an account that may not read what the desk works on."""
        context = self.each_context(request) | {"title": self.index_title}
        context |= {"subtitle": None, "app_list": self.get_app_list(request)}
        return TemplateResponse(request, "admin/outside.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for model in (model for app in apps for model in app["models"]):
            model["name"] = CALLED.get(model["object_name"], model["name"])
        return sorted(apps, key=lambda app: (app["app_label"] not in FIRST, app["name"]))


def _unseen_count(request: HttpRequest) -> int:
    if not isinstance(request.user, User) or not request.user.is_staff:
        return 0
    return notices.unseen(request.user).count()
