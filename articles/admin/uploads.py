"""Imports on the desk: bring files, read the plan, apply it or drop it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from ..exchange import Busy
from ..exchange.scan import Kind
from ..models import Upload
from ..uploads import RIGHT, UploadRefused, Wish, again, apply, bring, drop, planned
from ..workflow.wording import name_of
from .acts import actor_of
from .readonly import ReadOnly
from .reports import read_report, report_context, said

A_PAGE = 30
SILENCE = timedelta(minutes=1)
"""Without a word of progress for this long, work may have ended with its process."""

BEGUN = (Upload.Standing.PLANNING, Upload.Standing.IMPORTING)
SHAPES: dict[str, str] = {
    Upload.Standing.WAITING: "○",
    Upload.Standing.PLANNING: "◐",
    Upload.Standing.PLANNED: "◎",
    Upload.Standing.IMPORTING: "◐",
    Upload.Standing.DONE: "●",
    Upload.Standing.FAILED: "✕",
    Upload.Standing.DROPPED: "◌",
}


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Django's field takes one file; this answers all that were chosen."""

    widget = Files(attrs={"accept": ".zip,.md,.yaml,.yml"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in chosen or [None]]


class BringForm(forms.Form):
    """What is brought and how it is to be taken; the files themselves are checked on keeping."""

    brought = ManyFiles(
        label="Files",
        help_text="One zip of a content folder or of article files, or up to 100 loose files.",
    )
    kind = forms.ChoiceField(
        label="Loose files are",
        choices=[
            (kind.value, f"{kind.label}s") for kind in (Kind.ARTICLE, Kind.PROVIDER, Kind.TOPIC)
        ],
    )
    as_drafts = forms.BooleanField(
        label="Import everything as new",
        required=False,
        help_text="Nothing becomes public, whatever the files say.",
    )
    is_check_only = forms.BooleanField(
        label="Only check the files",
        required=False,
        help_text="Says what an import would refuse and keeps nothing.",
    )

    @property
    def wish(self) -> Wish:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        return Wish(Kind(data["kind"]), data["is_check_only"], data["as_drafts"])


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    """Two pages of our own in place of Django's list and form."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RIGHT)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._check(request)
        form = BringForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                files = form.cleaned_data["brought"]
                return self._to(bring(files, form.wish, actor_of(request)))
            except UploadRefused as refused:
                for problem in refused.problems:
                    form.add_error("brought", problem)
        found = Upload.objects.select_related("made_by", "run").defer("plan", "run__report")
        page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
        rows = [(one, _shape(one), said(one.run.totals if one.run else {})) for one in page]
        context = {"title": "Uploads", "form": form, "page": page, "rows": rows}
        return self._page(request, "admin/articles/upload/change_list.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self._check(request)
        number = int(object_id) if object_id.isdecimal() else 0
        upload = get_object_or_404(Upload.objects.select_related("made_by", "run"), pk=number)
        if request.method == "POST":
            return self._act(request, upload)
        packed = upload.run.report if upload.run else upload.plan
        context = report_context(read_report(packed), request) | {
            "title": upload.name,
            "upload": upload,
            "shape": _shape(upload),
            "is_plan": upload.run is None,
            "planned": planned(upload) if upload.standing == Upload.Standing.PLANNING else None,
            "is_begun": upload.standing in BEGUN or upload.standing == Upload.Standing.WAITING,
            "is_silent": _is_silent(upload),
            "holder": _holder(upload),
        }
        return self._page(request, "admin/articles/upload/change_form.html", context)

    def _act(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        act = request.POST.get("act")
        try:
            if act == "apply":
                done = apply(upload, actor_of(request))
            elif act == "drop":
                done = drop(upload)
            else:
                done = again(upload)
        except Busy as busy:
            messages.error(request, f"Not now: {busy}.")
            return self._to(upload)
        if not done:
            messages.warning(request, "Somebody else decided meanwhile; this is how it stands.")
        return self._to(upload)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _to(self, upload: Upload) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_upload_change", args=[upload.pk]))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, shared | context)


def _shape(upload: Upload) -> str:
    return SHAPES[upload.standing]


def _is_silent(upload: Upload) -> bool:
    is_old = timezone.now() - upload.changed_at > SILENCE
    is_stuck = upload.standing in BEGUN and is_old
    return is_stuck or bool(upload.standing == Upload.Standing.WAITING and upload.failure)


def _holder(upload: Upload) -> str:
    """Whose import is at work while this one waits."""
    if not (upload.standing == Upload.Standing.WAITING and upload.failure):
        return ""
    others = Upload.objects.filter(standing__in=BEGUN).exclude(pk=upload.pk)
    other = others.select_related("made_by").defer("plan").first()
    return f"{name_of(other.made_by)} imports {other.name}" if other else ""
