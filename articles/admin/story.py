"""Stories with their members, read only: they are changed through their articles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Article, RelatedItem, Story, Transition
from ..stories.counts import related_items
from . import cells
from .readonly import ReadOnly

SHOWN = 50
"""Related items, and acts, that the page of a story lists."""


@admin.register(Story)
class StoryAdmin(ReadOnly):
    list_display = ("headline", "standing", "size", "heat", "slug")
    list_display_links = ("headline",)
    search_fields = ("slug", "members__title")
    ordering = ("-rank", "-id")
    fields = ("slug", "heat", "rank", "size", "articles", "elsewhere", "acts")
    readonly_fields = ("size", "articles", "elsewhere", "acts")

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

    @admin.display(description="Elsewhere")
    def elsewhere(self, story: Story) -> SafeString | str:
        """Coverage known only from the members' files."""
        found = related_items(story.members.values_list("pk", flat=True))
        once = {item.pk: item for items in found.values() for item in items}
        items = sorted(once.values(), key=lambda item: (-(item.quality or 0), item.title))
        rows = [
            (item.title, item.provider_name or item.provider_domain, _hidden(item))
            for item in items[:SHOWN]
        ]
        lines = format_html_join("", '<li><span dir="auto">{}</span> · {}{}</li>', rows)
        return format_html('<ul class="desk-members">{}</ul>', lines) if rows else cells.DASH

    @admin.display(description="What was done")
    def acts(self, story: Story) -> SafeString | str:
        """The newest acts on any member."""
        found = Transition.objects.filter(article__story=story).select_related(
            "article", "actor", "run"
        )
        rows = [
            (
                cells.when(act.at),
                act.action.replace("_", " "),
                act.article.title,
                str(act.actor or act.run or "the site"),
                f" · {act.comment}" if act.comment else "",
            )
            for act in found.defer("changes")[:SHOWN]
        ]
        lines = format_html_join("", '<li>{} {} <span dir="auto">{}</span> · {}{}</li>', rows)
        return format_html('<ul class="desk-members">{}</ul>', lines) if rows else cells.DASH


def _hidden(item: RelatedItem) -> str:
    return " · hidden from readers" if item.hidden_at else ""
