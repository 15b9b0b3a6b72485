"""Providers: who they are and how far their articles may go."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from providers.domains import normalise
from providers.models import Provider

from .readonly import NoDelete


@admin.register(Provider)
class ProviderAdmin(NoDelete):
    """Whoever may change providers sets their policy: managing editors."""

    list_display = ("name", "domain", "policy", "article_count")
    list_filter = ("policy",)
    search_fields = ("name", "domain")
    fieldsets = (
        (None, {"fields": ("name", "domain", "description")}),
        ("Policy", {"fields": ("policy", "excerpt_limit", "is_link_only")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        return ("domain",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        obj.domain = normalise(obj.domain)
        obj.is_edited = True
        super().save_model(request, obj, form, change)

    @admin.display(description="Articles", ordering="article_count")
    def article_count(self, provider: Any) -> int:
        return provider.article_count
