"""Records: runs with their reports, and every act on every article."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..models import Run, Transition
from . import cells
from .readonly import ReadOnly

REPORTED_FILES = 500
"""Files of a report that a page shows; the command writes all of them with --report."""


@admin.register(Run)
class RunAdmin(ReadOnly):
    change_form_template = "admin/articles/run/change_form.html"
    list_display = ("__str__", "root", "started", "finished", "outcomes", "actor")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    fields = ("kind", "root", "started", "finished", "actor", "outcomes")
    readonly_fields = ("started", "finished", "outcomes")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("changelist")
        return found.defer("report") if is_list else found

    @admin.display(description="Started", ordering="started_at")
    def started(self, run: Run) -> SafeString | str:
        return cells.when(run.started_at)

    @admin.display(description="Finished", ordering="finished_at")
    def finished(self, run: Run) -> SafeString | str:
        return cells.when(run.finished_at) if run.finished_at else "not finished"

    @admin.display(description="Outcomes")
    def outcomes(self, run: Run) -> str:
        said = [
            f"{kind}: "
            + ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
            for kind, counts in (run.totals or {}).items()
            if isinstance(counts, dict) and any(counts.values())
        ]
        return "; ".join(said) or cells.DASH

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> Any:
        files = reported(context["original"])
        context |= {
            "title": str(context["original"]),
            "subtitle": None,
            "files": files[:REPORTED_FILES],
            "more_files": max(len(files) - REPORTED_FILES, 0),
        }
        return super().render_change_form(request, context, *arguments, **options)


def reported(run: Run) -> list[dict[str, Any]]:
    """The files of a run's report that were not simply unchanged, as the report names them."""
    if not run.report:
        return []
    files = json.loads(zlib.decompress(run.report)).get("files", [])
    return [file for file in files if file.get("outcome") != "unchanged"]


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
        return str(act.actor or act.run or "the site")

    @admin.display(description="Changed")
    def keys(self, act: Transition) -> str:
        return ", ".join(act.changes or ()) or cells.DASH
