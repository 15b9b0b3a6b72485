"""Records: every act on every article."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..models import Transition
from ..workflow.wording import doer_of
from . import cells
from .readonly import ReadOnly


@admin.register(Transition)
class TransitionAdmin(ReadOnly):
    list_display = ("when", "act", "article_link", "states", "by", "comment")
    list_filter = ("action", "to_state")
    list_select_related = ("article", "actor", "run")
    search_fields = ("article__title", "comment")
    fields = ("when", "act", "article_link", "states", "by", "comment", "keys")
    readonly_fields = fields

    @admin.display(description="When", ordering="at")
    def when(self, act: Transition) -> SafeString | str:
        return cells.when(act.at)

    @admin.display(description="Act", ordering="action")
    def act(self, act: Transition) -> str:
        return act.action.replace("_", " ")

    @admin.display(description="Article")
    def article_link(self, act: Transition) -> SafeString:
        page = reverse("admin:articles_article_change", args=[act.article_id])
        return format_html('<a href="{}" dir="auto">{}</a>', page, act.article.title)

    @admin.display(description="States")
    def states(self, act: Transition) -> SafeString:
        before = cells.badge(act.from_state) if act.from_state else cells.DASH
        return format_html("{} → {}", before, cells.badge(act.to_state))

    @admin.display(description="By")
    def by(self, act: Transition) -> str:
        return str(act.run) if act.run and not act.actor else doer_of(act)

    @admin.display(description="Changed")
    def keys(self, act: Transition) -> str:
        return ", ".join(act.changes or ()) or cells.DASH
