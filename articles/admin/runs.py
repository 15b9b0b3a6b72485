"""Runs of imports and exports, with their reports."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from ..models import Run
from . import cells
from .readonly import ReadOnly
from .reports import read_report, report_context, said


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
        return said(run.totals) or cells.DASH

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> Any:
        run = context["original"]
        context |= {"title": str(run), "subtitle": None}
        context |= report_context(read_report(run.report), request)
        return super().render_change_form(request, context, *arguments, **options)
