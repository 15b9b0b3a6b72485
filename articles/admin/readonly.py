"""What the admin must never do: delete, or change records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


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
