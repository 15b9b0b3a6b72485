"""One article: what it says, what may be done to it, and where it comes from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from ..models import Article
from ..states import Action, State
from ..workflow import ActRefused, NotPermitted, StaleVersion, locked, transition
from . import cells, desk, open_forms, pages, panels
from .acts import LABELS, STAYING, actor_of, may_edit, save_and_publish
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
class ArticleAdmin(ArticleListAdmin):
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
        return found.select_related("provider", "story", "assignee")

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
        shown = context["original"]
        article = self.get_queryset(request).get(pk=shown.pk)
        form = context["adminform"].form
        context |= panels.of(article, actor_of(request)) | open_forms.copies_of(request, article)
        context |= {
            "title": article.title,
            "subtitle": None,
            "version": article.version,
            "may_edit": self._may_edit(request, article),
            "show_save_and_add_another": False,
            "site_page": self._page(article),
            "typed_comment": request.POST.get("_comment", ""),
            "back": self._list(request),
        }
        if form.is_bound and form.has_error("__all__", "stale"):
            seen = form.cleaned_data.get("version")
            context |= {"since": panels.since(article, seen), "collisions": form.collisions}
            if not self._may_edit(request, article):
                context["unsent"] = open_forms.words_of(open_forms.typed_in(request.POST))
        return super().render_change_form(request, context, *arguments, **options)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not isinstance(form, ArticleForm) or not form.changed_content:
            return
        topics = form.cleaned_data["topic_order"]
        saved = save_and_publish(
            obj,
            actor_of(request),
            form.changes(),
            expected_version=form.initial["version"],
            topics=topics if "topic_order" in form.changed_content else None,
        )
        obj.version = saved.version
        open_forms.settle(request, obj)
        merged = " Merged with what somebody else saved meanwhile." if form.is_stale else ""
        kept = " Readers see it once it is published." if saved.draft_id else ""
        self.message_user(request, f"Saved.{kept}{merged}", messages.SUCCESS)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left to save: topics go through the workflow with the other changes."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The workflow keeps the record; Django's own log would be a second one."""

    @admin.display(description="Updated")
    def updated(self, article: Article) -> Any:
        return cells.when(article.updated_at)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        page = reverse("admin:articles_article_change", args=[object_id])
        return HttpResponseRedirect(f"{page}#timeline")

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        asked = request.POST.get("_act", "")
        if not asked:
            return self._stay(request, obj) if "_continue" in request.POST else self._back(request)
        if asked not in LABELS:
            raise PermissionDenied
        action = Action(asked)
        is_done = self._transition(request, obj, action)
        stays = not is_done or action in STAYING
        return self._stay(request, obj) if stays else self._back(request)

    def _transition(self, request: HttpRequest, obj: Article, action: Action) -> bool:
        comment = request.POST.get("_comment", "").strip()
        try:
            moved = transition(
                obj, action, actor_of(request), expected_version=obj.version, comment=comment
            )
        except (NotPermitted, StaleVersion):
            raise
        except ActRefused as refusal:
            self.message_user(request, f"Not {action.done}: {refusal}", messages.ERROR)
            return False
        self._announce(request, moved, action)
        return True

    def _announce(self, request: HttpRequest, article: Article, action: Action) -> None:
        page = self._page(article)
        link = format_html(' <a href="{}">See it on the site</a>', page) if page else ""
        text = format_html("{}: {}.{}", action.done.capitalize(), article.title, link)
        self.message_user(request, text, messages.SUCCESS)

    def _page(self, article: Article) -> str:
        if article.state != State.PUBLISHED or not article.is_published():
            return ""
        return reverse("public:story", args=[article.story.slug or article.slug])

    def _list(self, request: HttpRequest) -> str:
        kept: dict[str, Any] = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        return add_preserved_filters(kept, reverse("admin:articles_article_changelist"))

    def _back(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self._list(request))

    def _stay(self, request: HttpRequest, obj: Article) -> HttpResponse:
        page = reverse("admin:articles_article_change", args=[obj.pk])
        kept = self.get_preserved_filters(request)
        return HttpResponseRedirect(f"{page}?{kept}" if kept else page)
