"""Providers: who they are and how far their articles may go."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from providers.domains import normalise
from providers.models import Policy, Provider

from ..desk.policies import effects, follow, reach_of
from ..workflow.rows import one_at_a_time
from .readonly import NoDelete

SURE = "_sure"
"""The field of the page that names the effects of a policy before it is saved."""

POLICY = ("policy", "excerpt_limit", "is_link_only")
HISTORY = 20


@admin.register(Provider)
class ProviderAdmin(NoDelete):
    """Whoever may change providers sets their policy: managing editors."""

    change_form_template = "admin/providers/provider/change_form.html"
    list_display = ("name", "domain", "policy", "article_count")
    list_filter = ("policy",)
    search_fields = ("name", "domain")
    fieldsets = (
        (None, {"fields": ("name", "domain", "description")}),
        ("Policy", {"fields": POLICY}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        return ("domain",) if obj else ()

    def get_form(
        self,
        request: HttpRequest,
        obj: Provider | None = None,
        change: bool = False,
        **options: Any,
    ) -> Any:
        options["labels"] = {"is_link_only": "Title and link only"}
        return super().get_form(request, obj, change, **options)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and SURE not in request.POST:
            asked = self._asked(request, object_id)
            if asked is not None:
                return asked
        return super().change_view(request, object_id, form_url, extra_context)

    def _asked(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """The page that names what readers would notice, when they would."""
        provider = self.get_object(request, object_id)
        if provider is None or not self.has_change_permission(request, provider):
            return None
        after = request.POST.get("policy", "")
        is_known = after in Policy.values
        reach = reach_of(provider, timezone.now()) if is_known else None
        said = effects(provider.policy, after, reach) if reach else []
        if not said:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": f"{Policy(after).label.capitalize()}: {provider.name}",
            "provider": provider,
            "after": Policy(after).label,
            "effects": said,
            "fields": [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
                for value in values
            ],
            "sure": SURE,
        }
        return TemplateResponse(request, "admin/providers/provider/sure.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> Any:
        provider = context.get("original")
        if provider is not None:
            context |= {"title": provider.name, "subtitle": None}
            context["reach"] = reach_of(provider, timezone.now())
            entries = LogEntry.objects.filter(content_type__model="provider")
            entries = entries.filter(object_id=str(provider.pk)).select_related("user")
            context["history"] = entries[:HISTORY]
        return super().render_change_form(request, context, *arguments, **options)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """What was changed; of the policy also from what to what."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        said = [
            f"{name.replace('_', ' ')}: {form.initial.get(name)} → {form.cleaned_data[name]}"
            if name in POLICY
            else name
            for name in form.changed_data
        ]
        return f"Changed {', '.join(said)}." if said else "Saved without a change."

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        obj.domain = normalise(obj.domain)
        obj.is_edited = True
        was_blocked = change and form.initial["policy"] == Policy.BLOCKED
        if was_blocked == (obj.policy == Policy.BLOCKED):
            super().save_model(request, obj, form, change)
            return
        one_at_a_time()
        super().save_model(request, obj, form, change)
        follow(obj)

    @admin.display(description="Articles", ordering="article_count")
    def article_count(self, provider: Any) -> int:
        return provider.article_count
