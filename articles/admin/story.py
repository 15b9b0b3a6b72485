"""Stories with their members, read only: they are changed through their articles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Article, Story
from . import cells
from .readonly import ReadOnly


@admin.register(Story)
class StoryAdmin(ReadOnly):
    list_display = ("headline", "standing", "size", "heat", "slug")
    list_display_links = ("headline",)
    search_fields = ("slug", "members__title")
    ordering = ("-rank", "-id")
    fields = ("slug", "heat", "rank", "size", "articles")
    readonly_fields = ("size", "articles")

    def get_queryset(self, request: HttpRequest) -> Any:
        leads = Article.objects.filter(is_lead=True).only("title", "state", "story", "go_live_at")
        found = super().get_queryset(request)
        return found.prefetch_related(
            Prefetch(
                "members", leads.only("title", "state", "story", "go_live_at", "expire_at"), "leads"
            )
        )

    @admin.display(description="Story")
    def headline(self, story: Any) -> str:
        return story.leads[0].title if story.leads else "Story without lead"

    @admin.display(description="State of its lead")
    def standing(self, story: Any) -> SafeString | str:
        return cells.standing(story.leads[0]) if story.leads else cells.DASH

    @admin.display(description="Articles", ordering="member_count")
    def size(self, story: Story) -> str:
        items = f" + {story.related_count} elsewhere" if story.related_count else ""
        return f"{story.member_count}{items}"

    @admin.display(description="Members")
    def articles(self, story: Story) -> SafeString:
        members = story.members.select_related("provider").order_by("-is_lead", "-quality", "slug")
        rows = (
            (
                cells.standing(member),
                reverse("admin:articles_article_change", args=[member.pk]),
                member.title,
                member.provider.name,
                "lead" if member.is_lead else f"quality {cells.number(member.quality)}",
            )
            for member in members
        )
        lines = format_html_join("", '<li>{} <a href="{}" dir="auto">{}</a> {} · {}</li>', rows)
        return format_html('<ul class="desk-members">{}</ul>', lines)
