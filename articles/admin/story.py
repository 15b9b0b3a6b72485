"""Stories: the list, and the way to their pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from ..models import Article, Story
from . import cells, front_past, story_beside, story_page
from .readonly import ReadOnly


@admin.register(Story)
class StoryAdmin(ReadOnly):
    list_display = ("headline", "standing", "size", "heat", "slug")
    list_display_links = ("headline",)
    search_fields = ("slug", "members__title")
    ordering = ("-rank", "-id")

    def get_urls(self) -> list[URLPattern]:
        return [*front_past.urls(self), *story_beside.urls(self), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return story_page.view(self, request, object_id)

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
        shown = story.related_count - story.hidden_count
        elsewhere = f" + {shown} elsewhere" if shown else ""
        hidden = f", {story.hidden_count} hidden" if story.hidden_count else ""
        return f"{story.member_count}{elsewhere}{hidden}"
