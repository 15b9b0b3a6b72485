"""The article list: the queue first, with filters, search and bulk actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Article
from ..states import Action
from ..stories.bar import is_above
from ..workflow.wording import name_of
from . import cells, filters, finding, queue
from .acts import act_on_many, actor_of, summary
from .readonly import NoDelete
from .results import ArticleList

DECIDING = ("publish", "approve", "spike")
SHELF_ACTIONS = {
    **dict.fromkeys(("queue", "backlog", "approved"), DECIDING),
    "live": ("unpublish",),
    "back": ("spike",),
    "off": ("publish", "spike"),
}
"""Bulk actions by shelf; all of them where articles of any state lie."""


class ReasonForm(ActionForm):
    reason = forms.CharField(required=False, max_length=2000)


def _versions(request: HttpRequest) -> dict[int, int]:
    """The versions that the list showed, by article id."""
    shown: dict[int, int] = {}
    for name, value in request.POST.items():
        key = name.removeprefix("version-")
        if key != name and key.isdecimal() and str(value).isdecimal():
            shown[int(key)] = int(str(value))
    return shown


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
        "links",
    )
    list_display_links = None
    list_filter = filters.ALL
    # Names the box; `finding` searches.
    search_fields = ("title",)
    search_help_text = "Words, a domain, or a pasted link."
    action_form = ReasonForm
    actions = ("publish", "approve", "unpublish", "spike")

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return ArticleList

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return queue.ordering(filters.shelf_of(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What may be done to what lies on the shelf."""
        fitting = SHELF_ACTIONS.get(filters.shelf_of(request), self.actions)
        offered = super().get_actions(request).items()
        return {name: action for name, action in offered if name in fitting}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return (finding.search(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description="State", ordering="state")
    def state_badge(self, article: Article) -> SafeString:
        return format_html(
            '{}{}<input type="hidden" name="version-{}" value="{}">',
            cells.standing(article),
            cells.draft_dot(article),
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
        story = article.story
        coverage = story.member_count - 1 + story.related_count
        if not article.is_lead or not is_above(article.quality, coverage):
            return shown
        return format_html(
            '<strong title="Above the bar: would be published">{}<span aria-hidden="true"> ▲</span>'
            '<span class="visually-hidden"> above the bar</span></strong>',
            shown,
        )

    @admin.display(description="Heat", ordering="heat")
    def heat_shown(self, article: Article) -> str:
        return cells.number(article.heat)

    @admin.display(description="Coverage", ordering="story__member_count")
    def coverage(self, article: Article) -> str:
        if not article.is_lead:
            return "coverage"
        return str(article.story.member_count - 1 + article.story.related_count)

    @admin.display(description="Published", ordering="published_at")
    def published(self, article: Article) -> SafeString | str:
        return cells.moment(article.published_at)

    @admin.display(description="Claimed by", ordering="assignee__username")
    def claimed_by(self, article: Article) -> str:
        return name_of(article.assignee) if article.assignee else cells.DASH

    @admin.display(description="Links")
    def links(self, article: Article) -> SafeString | str:
        return cells.original(article)

    @admin.action(permissions=["publish"], description="Publish")
    def publish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._act(request, articles, Action.PUBLISH)

    @admin.action(permissions=["approve"], description="Approve")
    def approve(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._act(request, articles, Action.APPROVE)

    @admin.action(permissions=["publish"], description="Unpublish")
    def unpublish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._act(request, articles, Action.UNPUBLISH)

    @admin.action(permissions=["review"], description="Spike")
    def spike(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._act(request, articles, Action.SPIKE)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.approve")

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.review")

    def _act(self, request: HttpRequest, articles: QuerySet[Article], action: Action) -> None:
        reason = request.POST.get("reason", "").strip()
        done, refused = act_on_many(
            list(articles), action, actor_of(request), reason, _versions(request)
        )
        level = messages.WARNING if refused else messages.SUCCESS
        label = action.done.capitalize()
        self.message_user(request, f"{label}: {summary(done, refused)}", level)
