"""Topics: their names and their tree."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from ..models import Topic
from . import cells
from .readonly import NoDelete


@admin.register(Topic)
class TopicAdmin(NoDelete):
    list_display = ("name", "parent", "slug", "article_count")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    fields = ("name", "shortname", "slug", "parent", "former")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(article_count=Count("places"))

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        return ("slug", "former") if obj else ("former",)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        obj.is_edited = True
        if "parent" in form.changed_data:
            obj.parent_name = obj.parent.name if obj.parent else ""
        super().save_model(request, obj, form, change)

    @admin.display(description="Former names")
    def former(self, topic: Topic) -> str:
        """By these files may still call it."""
        return ", ".join(topic.former_names) or cells.DASH

    @admin.display(description="Articles", ordering="article_count")
    def article_count(self, topic: Any) -> int:
        return topic.article_count
