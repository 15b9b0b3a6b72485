"""Who signed in, from where, and who was refused: for those who manage people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ..desk import people
from ..models import SignIn
from .readonly import ReadOnly


@admin.register(SignIn)
class SignInAdmin(ReadOnly):
    list_display = ("at", "username", "outcome", "address", "agent", "is_going")
    list_filter = ("outcome",)
    search_fields = ("username", "address")
    list_display_links = None
    fields = ("at", "username", "outcome", "address", "agent")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(people.MANAGING)

    @admin.display(description="session goes on", boolean=True)
    def is_going(self, row: SignIn) -> bool:
        return row.session_id is not None
