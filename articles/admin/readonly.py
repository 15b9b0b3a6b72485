"""What the admin must never do: delete, or change records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

LOOKS = "articles.view_run"
"""The right to see what the site does beside people."""


class NoDelete(admin.ModelAdmin):
    """Nothing is deleted on the desk: spiking and withdrawing remember."""

    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(NoDelete):
    """A record: it is looked at."""

    actions = None
    change_form_template = "admin/articles/record.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OnePage(ReadOnly):
    """Records of what the site does, told on one page in place of Django's list and form."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(LOOKS)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.act(request) if request.method == "POST" else self.page(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of a record is said in the list."""
        return HttpResponseRedirect(reverse(f"admin:articles_{self.opts.model_name}_changelist"))

    def page(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        raise NotImplementedError

    def act(self, request: HttpRequest) -> HttpResponse:
        """What its buttons ask for; raises PermissionDenied."""
        raise NotImplementedError
