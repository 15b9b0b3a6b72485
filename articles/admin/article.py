"""One article: what it says, what may be done to it, and where it comes from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ..models import Article
from ..workflow import ActRefused, NotPermitted, StaleVersion, locked
from . import cells, decision, desk, open_forms, pages, panels
from .acts import actor_of, may_edit
from .deciding import Deciding
from .form import FIELDSETS, ArticleForm, VersionForm
from .listing import ArticleListAdmin

DESK_WORK = (
    "articles.change_article",
    "articles.review",
    "articles.approve",
    "articles.publish",
    "articles.withdraw",
)
"""Permissions of those who work on articles; everybody else looks."""

READ = (
    *("title", "excerpt", "topic_names", "web_url", "original_url", "type", "category"),
    *("quality", "provider", "published", "updated", "body"),
)


@admin.register(Article)
class ArticleAdmin(Deciding, ArticleListAdmin):
    change_form_template = "admin/articles/article/change_form.html"
    view_on_site = False

    def overview(self, request: HttpRequest) -> dict[str, Any]:
        """What the desk's first page says; asked by the admin site."""
        return desk.overview(actor_of(request))

    def get_urls(self) -> Any:
        return [*pages.urls(self), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if any(request.user.has_perm(name) for name in DESK_WORK):
            return True
        return obj is not None and may_edit(obj, actor_of(request))

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        match = request.resolver_match
        is_one = match is not None and "pk" in match.kwargs
        more = ("draft", "draft_base") if is_one else ()
        return found.select_related("provider", "story", "assignee", *more)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **options: Any
    ) -> Any:
        form = ArticleForm if self._may_edit(request, obj) else VersionForm
        made: Any = super().get_form(request, obj, change, form=form, **options)
        made.refusal = request.__dict__.get("desk_refusal")
        made.typed = request.__dict__.get("desk_typed")
        return made

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if self._may_edit(request, obj):
            return FIELDSETS
        return ((None, {"fields": READ}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return () if self._may_edit(request, obj) else READ

    def _may_edit(self, request: HttpRequest, obj: Article | None) -> bool:
        # The form cleans its values into the row in hand; rights are those of the row as stored.
        known: dict[int, bool] = request.__dict__.setdefault("desk_may_edit", {})
        if obj is None:
            return False
        if obj.pk not in known:
            known[obj.pk] = may_edit(obj, actor_of(request))
        return known[obj.pk]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "GET" and "typed" in request.GET and object_id:
            open_forms.take_up(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotPermitted:
            raise
        except (ActRefused, ValidationError) as refusal:
            # Nothing was saved; the same form again, with what was typed and why it was refused.
            request.__dict__["desk_refusal"] = refusal
            with atomic():
                # Saves that meet: the row is held, so that nobody comes between again.
                if isinstance(refusal, StaleVersion) and object_id:
                    locked(int(object_id))
                return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> HttpResponse:
        form, actor = context["adminform"].form, actor_of(request)
        article = context["original"]
        if form.is_bound:
            # A form that was sent cleans its values into the row in hand.
            article = self.get_queryset(request).get(pk=article.pk)
        context |= panels.of(article, actor) | open_forms.copies_of(request, article)
        members = [one.article for one in context["members"]]
        context |= decision.context(request, article, form, members) | {
            "title": article.title,
            "subtitle": None,
            "version": article.version,
            "may_edit": self._may_edit(request, article),
            "show_save_and_add_another": False,
            "site_page": self._page(article),
            "back": self._list(request),
        }
        if form.is_bound and form.has_error("__all__", "stale"):
            seen = form.cleaned_data.get("version")
            context |= {"since": panels.since(article, seen), "collisions": form.collisions}
            if not self._may_edit(request, article):
                context["unsent"] = open_forms.words_of(open_forms.typed_in(request.POST))
        return super().render_change_form(request, context, *arguments, **options)

    @admin.display(description="Updated")
    def updated(self, article: Article) -> Any:
        return cells.when(article.updated_at)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        page = reverse("admin:articles_article_change", args=[object_id])
        return HttpResponseRedirect(f"{page}#timeline")
