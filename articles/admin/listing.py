"""The article list: the queue first, with filters, search and bulk actions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..desk.bulk import open_to
from ..models import Article
from ..states import State
from ..workflow.wording import name_of
from . import bulk, cells, desk, filters, finding, queue, views
from .acts import actor_of
from .readonly import NoDelete
from .results import ArticleList

DECIDING = ("publish", "approve", "spike")
FIRST = {
    "live": ("unpublish",),
    "back": ("spike",),
    "off": ("publish", "unspike"),
}
"""Bulk acts that have a button of their own, by shelf; DECIDING elsewhere."""

MORE = "more"
"""The action whose kind is chosen from the list of all others."""


def bulk_page() -> str:
    return reverse(f"admin:{bulk.NAME}")


def _when_it_changes(article: Article) -> SafeString | str:
    """The next moment at which readers see something else: it goes live, or expires."""
    if article.state != State.PUBLISHED:
        return ""
    now = timezone.now()
    for word, at in (("from", article.go_live_at), ("until", article.expire_at)):
        if at is not None and at > now:
            return format_html('<small class="desk-when">{} {}</small>', word, cells.moment(at))
    return ""


def _is_first(request: HttpRequest) -> bool:
    return request.GET.get("p", "1") == "1"


class ArticleListAdmin(NoDelete):
    """The list's half of the article admin."""

    list_display = (
        "state_badge",
        "headline",
        "provider_name_shown",
        "topic_names",
        "quality_shown",
        "heat_shown",
        "coverage",
        "published",
        "claimed_by",
        "decide",
    )
    list_display_links = None
    list_filter = filters.ALL
    # Names the box; `finding` searches.
    search_fields = ("title",)
    search_help_text = "Words, a domain, or a pasted link."

    def action_checkbox(self, article: Article) -> SafeString:
        """Django's box, without making a form's widget for each row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            article.pk,
            f"Select this object for an action - {article}",
        )

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return ArticleList

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Who decides nothing is shown no empty place for it."""
        last = "decide" if open_to(actor_of(request)) else "links"
        return (*self.list_display[:-1], last)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return queue.ordering(filters.shelf_of(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Every bulk act that the person may begin; all of them begin with the same preview."""
        kinds = open_to(actor_of(request))
        offered = {kind.name: (bulk.chosen, kind.name, kind.label) for kind in kinds}
        return offered | {MORE: (bulk.chosen, MORE, "Another act")} if offered else {}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        shelf, kinds = filters.shelf_of(request), open_to(actor_of(request))
        first = FIRST.get(shelf, DECIDING)
        is_queue = shelf == "queue" and not request.GET.keys() - {"shelf", "p", "o"}
        context: dict[str, Any] = {
            "bulk_first": [kind for kind in kinds if kind.name in first],
            "bulk_more": [kind for kind in kinds if kind.name not in first],
            "saved_views": views.for_list(request),
            "may_review": request.user.has_perm("articles.review"),
            "clears": is_queue,
            "leaderless": desk.leaderless() if is_queue and _is_first(request) else None,
            "read_at": timezone.now().isoformat(),
            "shelf": shelf,
            "empty_says": queue.EMPTY[shelf],
            "title": "Articles",
        }
        if request.method != "POST" and (outcome := bulk.tell(request)):
            undo_page = f"admin:{outcome.get('undo') or f'{bulk.NAME}_undo'}"
            context |= {"outcome": outcome, "undo_page": undo_page}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        if not search_term.strip():
            return queryset, False
        return finding.search(queryset, search_term, filters.shelf_of(request)), False

    @admin.display(description="State", ordering="state")
    def state_badge(self, article: Article) -> SafeString:
        return format_html(
            '{}{}{}<input type="hidden" name="version-{}" value="{}">',
            cells.standing(article),
            cells.draft_dot(article),
            _when_it_changes(article),
            article.pk,
            article.version,
        )

    @admin.display(description="Article", ordering="title")
    def headline(self, article: Any) -> SafeString:
        warned = (
            format_html('<span class="desk-warned">⚠ {}</span> ', article.warnings[0])
            if article.warnings
            else ""
        )
        return format_html(
            '<a class="desk-title" href="{}" dir="auto">{}</a>'
            '<span class="desk-excerpt" dir="auto">{}{}</span>',
            article.desk_page,
            article.title,
            warned,
            article.excerpt or "",
        )

    @admin.display(description="Provider", ordering="provider__name")
    def provider_name_shown(self, article: Article) -> SafeString:
        return cells.provider(article.provider)

    @admin.display(description="Topics")
    def topic_names(self, article: Article) -> SafeString | str:
        names = ((place.topic.name,) for place in article.topic_places.all())
        return format_html_join(" ", '<span class="desk-tag">{}</span>', names) or cells.DASH

    @admin.display(description="Quality", ordering="quality")
    def quality_shown(self, article: Article) -> SafeString | str:
        shown = cells.number(article.quality)
        if not article.is_above_bar:
            return shown
        return format_html(
            '<strong title="Above the bar: would be published">{}<span aria-hidden="true"> ▲</span>'
            '<span class="visually-hidden"> above the bar</span></strong>',
            shown,
        )

    @admin.display(description="Heat", ordering="story__heat")
    def heat_shown(self, article: Article) -> str:
        """The story's, which counts what the desk did since the file; none where another leads."""
        return cells.number(article.story.heat) if article.is_lead else cells.DASH

    @admin.display(description="Coverage", ordering="story__member_count")
    def coverage(self, article: Article) -> str:
        if not article.is_lead:
            return "coverage"
        return str(article.story.coverage_count)

    @admin.display(description="Published", ordering="published_at")
    def published(self, article: Article) -> SafeString | str:
        return cells.moment(article.published_at)

    @admin.display(description="Claimed by", ordering="assignee__username")
    def claimed_by(self, article: Article) -> SafeString | str:
        holder = article.assignee
        return format_html("<span>{}</span>", name_of(holder)) if holder else cells.DASH

    @admin.display(description="Links")
    def links(self, article: Article) -> SafeString:
        preview = reverse("admin:articles_article_preview", args=[article.pk])
        return format_html(
            '{} <a href="{}" aria-label="Preview of {}">Preview</a>',
            cells.original(article),
            preview,
            article.title,
        )

    @admin.display(description="Decide")
    def decide(self, article: Any) -> SafeString:
        """Buttons of this row alone, and where to look first."""
        buttons = (
            (bulk_page(), kind.name, article.pk, kind.label, article.title, kind.label)
            for kind in article.desk_acts
        )
        made = format_html_join(
            "",
            '<button type="submit" class="desk-row-act" formaction="{}" name="row"'
            ' value="{}:{}" aria-label="{}: {}">{}</button>',
            buttons,
        )
        return format_html('{}<span class="desk-links">{}</span>', made, self.links(article))
