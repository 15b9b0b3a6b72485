"""Conflicts of imports: the file's value beside ours, decided one by one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from providers.models import Provider

from ..exchange import Busy, resolve_many
from ..exchange.entitled import CHANGING
from ..exchange.scan import Kind
from ..exchange.standing import mark_of, ours_of, values_here
from ..models import Article, Conflict, Source, Topic
from .acts import actor_of, summary
from .contrast import Row, contrast
from .readonly import ReadOnly

FILES_A_PAGE = 20
SETTLED_A_PAGE = 50
SIDES = (Conflict.Resolution.THEIRS, Conflict.Resolution.OURS)


@dataclass(frozen=True)
class Clash:
    """One key in conflict as the page shows it; `seen` marks our value for the decision."""

    conflict: Conflict
    rows: list[Row]
    seen: str


@dataclass(frozen=True)
class File:
    """One file with its open conflicts; `title` and `page` are those of its row."""

    source: Source
    title: str
    page: str
    clashes: list[Clash]
    may_decide: bool


@admin.register(Conflict)
class ConflictAdmin(ReadOnly):
    """The list is the page: each conflict is decided where it is read."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request)
        kind = request.GET.get("kind", "")
        kind = kind if kind in Kind.values else ""
        is_settled = request.GET.get("show") == "settled"
        listed = _settled(request, kind) if is_settled else _open(request, kind)
        context = {
            **self.admin_site.each_context(request),
            "title": "Conflicts of imports",
            "opts": self.opts,
            "kind": kind,
            "is_settled": is_settled,
            "counts": _counts(),
            "may_decide": _may_decide_any(request),
            **listed,
        }
        return TemplateResponse(request, "admin/articles/conflict/change_list.html", context)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        if not _may_decide_any(request):
            raise PermissionDenied
        side, _, which = request.POST.get("decide", "").partition(":")
        wanted = _wanted(request, which)
        if side not in SIDES or not wanted:
            messages.warning(request, "Choose at least one conflict first.")
            return HttpResponseRedirect(request.get_full_path())
        try:
            done, refused = resolve_many(wanted, side, actor_of(request))
        except Busy as busy:
            messages.error(request, f"Nothing was decided: {busy}.")
            return HttpResponseRedirect(request.get_full_path())
        level = messages.WARNING if refused else messages.SUCCESS
        messages.add_message(request, level, summary(done, refused))
        return HttpResponseRedirect(request.get_full_path())


def _may_decide_any(request: HttpRequest) -> bool:
    return any(request.user.has_perm(name) for name in CHANGING.values())


def _wanted(request: HttpRequest, which: str) -> dict[int, str]:
    """The conflicts that a press means, each with the mark of our value as it was shown."""
    if which != "chosen":
        names = [which]
    elif request.POST.get("every"):
        names = [str(pk) for pk in _shown(request).order_by("pk").values_list("pk", flat=True)]
    else:
        names = request.POST.getlist("chosen")
    return {int(name): request.POST.get(f"seen-{name}", "") for name in names if name.isdecimal()}


def _shown(request: HttpRequest) -> QuerySet[Conflict]:
    """The open conflicts that the page's own filters leave."""
    kind, key = request.GET.get("kind", ""), request.GET.get("file", "")
    found = _of_kind(Conflict.objects.filter(resolution=""), kind if kind in Kind.values else "")
    return found.filter(source__key=key) if key else found


def _of_kind(found: QuerySet[Conflict], kind: str) -> QuerySet[Conflict]:
    return found.filter(source__kind=kind) if kind else found


def _counts() -> list[tuple[str, str, int]]:
    open_now = Conflict.objects.filter(resolution="")
    counts = dict(open_now.values_list("source__kind").annotate(Count("pk")))
    kinds = [(kind.value, f"{kind.label.title()}s", counts.get(kind.value, 0)) for kind in Kind]
    return [("", "All", sum(counts.values())), *kinds]


def _settled(request: HttpRequest, kind: str) -> dict[str, Any]:
    found = _of_kind(Conflict.objects.exclude(resolution=""), kind)
    found = found.select_related("source", "resolved_by").defer("source__data", "source__theirs")
    return {
        "page": Paginator(found.order_by("-resolved_at", "-pk"), SETTLED_A_PAGE).get_page(
            request.GET.get("page")
        )
    }


def _open(request: HttpRequest, kind: str) -> dict[str, Any]:
    waiting = Conflict.objects.filter(source=OuterRef("pk"), resolution="")
    sources = Source.objects.filter(Exists(waiting)).defer("data", "theirs").order_by("-pk")
    if kind:
        sources = sources.filter(kind=kind)
    if key := request.GET.get("file", ""):
        sources = sources.filter(key=key)
    page = Paginator(sources, FILES_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "files": _files(list(page.object_list), request)}


def _files(sources: Sequence[Source], request: HttpRequest) -> list[File]:
    here, rows = values_here(sources), _rows(sources)
    clashes: dict[int, list[Clash]] = {source.pk: [] for source in sources}
    for conflict in Conflict.objects.filter(source__in=clashes, resolution="").order_by("pk"):
        ours = ours_of(conflict, here.get(conflict.source_id))
        shown = contrast(conflict.theirs, ours, key=conflict.key)
        clashes[conflict.source_id].append(Clash(conflict, shown, mark_of(ours)))
    return [
        File(
            source,
            *rows.get((source.kind, source.key), (source.key, "")),
            clashes[source.pk],
            request.user.has_perm(CHANGING[Kind(source.kind)]),
        )
        for source in sources
    ]


def _rows(sources: Sequence[Source]) -> dict[tuple[str, str], tuple[str, str]]:
    """(title, address of its page) of what each file stands for; three queries at most."""
    found = {}
    for kind, model, stem, name, page in (
        (Kind.ARTICLE, Article, "slug", "title", "articles_article"),
        (Kind.PROVIDER, Provider, "stem", "name", "providers_provider"),
        (Kind.TOPIC, Topic, "stem", "name", "articles_topic"),
    ):
        keys = [source.key for source in sources if source.kind == kind]
        rows = (
            model._default_manager.filter(**{f"{stem}__in": keys}).only(stem, name) if keys else ()
        )
        for row in rows:
            address = reverse(f"admin:{page}_change", args=[row.pk])
            found[kind.value, getattr(row, stem)] = (getattr(row, name), address)
    return found
