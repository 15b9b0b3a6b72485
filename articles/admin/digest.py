"""Digests: the day's stories, put in order and commented, then closed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from ..digests import CLOSING, EDITING, NotPossible, close, fill, reopen
from ..models import Digest, DigestItem


class _Items(admin.TabularInline):
    model = DigestItem
    template = "admin/articles/digest/items.html"
    fields = ("headline", "position", "comment")
    readonly_fields = ("headline",)
    extra = 0
    verbose_name_plural = "stories"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("story")
        return rows.prefetch_related("story__members")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_article")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Digest | None = None) -> bool:
        return _may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Digest | None = None) -> bool:
        return _may_edit(request, obj)

    @admin.display(description="Story")
    def headline(self, item: DigestItem) -> str:
        leads = (member for member in item.story.members.all() if member.is_lead)
        return next((lead.title for lead in leads), str(item.story))


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin):
    list_display = ("day", "closed_at", "closed_by")
    list_select_related = ("closed_by",)
    inlines = (_Items,)
    actions = ("fill_up", "close_them", "reopen_them")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_article")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(EDITING)

    def has_change_permission(self, request: HttpRequest, obj: Digest | None = None) -> bool:
        return _may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_edit_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions of those who put digests together."""
        return request.user.has_perm(EDITING)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions that readers notice."""
        return request.user.has_perm(CLOSING)

    def get_fields(self, request: HttpRequest, obj: Digest | None = None) -> Any:
        given = ("day", "introduction")
        return (*given, "closed_at", "closed_by") if obj else given

    def get_readonly_fields(self, request: HttpRequest, obj: Digest | None = None) -> Any:
        return ("day", "closed_at", "closed_by") if obj else ("closed_at", "closed_by")

    def get_inlines(self, request: HttpRequest, obj: Digest | None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Digest, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            fill(obj, timezone.now())

    @admin.action(description="Bring in stories that came since", permissions=["edit"])
    def fill_up(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, "Filled up", lambda one: fill(one, timezone.now()))

    @admin.action(description="Close: readers see it", permissions=["close"])
    def close_them(self, request: HttpRequest, queryset: Any) -> None:
        now, actor = timezone.now(), cast(User, request.user)
        self._each(request, queryset, "Closed", lambda one: close(one, actor, now))

    @admin.action(description="Reopen", permissions=["close"])
    def reopen_them(self, request: HttpRequest, queryset: Any) -> None:
        actor = cast(User, request.user)
        self._each(request, queryset, "Reopened", lambda one: reopen(one, actor))

    def _each(self, request: HttpRequest, digests: Any, words: str, act: Any) -> None:
        """Do it with each of them; a refusal touches no other."""
        done = 0
        for digest in digests:
            try:
                act(digest)
            except NotPossible as error:
                self.message_user(request, str(error), messages.ERROR)
                continue
            self.log_change(request, digest, words)
            done += 1
        if done:
            self.message_user(request, f"{words}: {done}.", messages.SUCCESS)


def _may_edit(request: HttpRequest, digest: Digest | None) -> bool:
    is_open = digest is None or digest.closed_at is None
    return is_open and request.user.has_perm(EDITING)
