"""Bulk acts: a page that says before what they will do, and one outcome to take back."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from ..desk import bulk
from ..exchange import Busy, ExportOptions, run_export
from ..models import Article
from ..workflow import undo
from . import story_beside
from .acts import actor_of
from .bulk_form import BulkForm
from .results import ROW_ACTS

NAME = "articles_article_bulk"
OUTCOME = "desk_outcome"
"""Where the session keeps what the last bulk did, until the list has told it."""

SHOWN = 12
"""Articles that a preview names, and refusals that an outcome does."""


def urls(desk: Any) -> list[URLPattern]:
    wrap = desk.admin_site.admin_view
    return [
        path("bulk/", wrap(require_POST(partial(page, desk))), name=NAME),
        path("bulk/undo/", wrap(require_POST(undo_page)), name=f"{NAME}_undo"),
    ]


def chosen(desk: Any, request: HttpRequest, articles: Any) -> HttpResponse | None:
    """What the list's form asks for with its boxes: the preview; changes nothing."""
    asked = request.POST.get("action", "")
    kind = _kind(request.POST.get("more", "") if asked == "more" else asked)
    every = request.POST.get("select_across") == "1"
    rows = articles.values_list("pk", "version")[: bulk.MOST + 1]
    shown = {} if every else _shown(request.POST)
    versions = {pk: shown.get(pk, version) for pk, version in rows}
    back = request.GET.urlencode()
    return preview(desk, request, kind, dict(list(versions.items())[: bulk.MOST]), back)


def page(desk: Any, request: HttpRequest) -> HttpResponse:
    """Carries a previewed bulk out, or one row's button."""
    sent, actor = request.POST, actor_of(request)
    back = QueryDict(sent.get("back", "")).urlencode()
    if row := sent.get("row", ""):
        name, _, pk = row.partition(":")
        kind, shown = _kind(name), _shown(sent)
        versions = {int(pk): shown[int(pk)]} if pk.isdecimal() and int(pk) in shown else {}
        is_plain = not kind.asks_why and kind.name in ROW_ACTS
        form = BulkForm(kind, actor, {})
    else:
        kind, versions, is_plain = _kind(sent.get("kind", "")), _pairs(sent.get("chosen", "")), True
        form = BulkForm(kind, actor, sent)
    if not kind.is_open_to(actor):
        raise PermissionDenied
    if kind is bulk.MERGE or not versions or not is_plain or not form.is_valid():
        return preview(desk, request, kind, versions, back, None if row else form)
    if kind is bulk.EXPORT:
        return _download(request, versions, back)
    outcome = bulk.carry_out(kind, versions, actor, form.said(), uuid4().hex)
    remember(request, kind.done, outcome.batch, outcome.done, outcome.refused)
    return _to_list(back)


def preview(
    desk: Any,
    request: HttpRequest,
    kind: bulk.Kind,
    versions: dict[int, int],
    back: str,
    form: BulkForm | None = None,
) -> HttpResponse:
    """The page that says what the bulk would do and asks what it needs."""
    actor = actor_of(request)
    if not kind.is_open_to(actor):
        raise PermissionDenied
    if kind is bulk.MERGE:
        stories = [row.story_id for row in bulk.in_hand(versions)]
        return HttpResponseRedirect(story_beside.address(stories))
    if kind is bulk.SPIKE_STORY and form is None:
        versions = bulk.whole_stories(versions)
    articles = bulk.in_hand(versions)
    told = bulk.forecast(kind, articles, actor, {})
    context = {
        **desk.admin_site.each_context(request),
        "title": f"{kind.label}: {len(articles)} article{'' if len(articles) == 1 else 's'}",
        "opts": desk.opts,
        "kind": kind,
        "forecast": told,
        "reasons": told.refused.most_common(SHOWN),
        "articles": articles[:SHOWN],
        "more": max(len(articles) - SHOWN, 0),
        "is_cut": len(versions) >= bulk.MOST,
        "most": bulk.MOST,
        "form": form or BulkForm(kind, actor),
        "chosen": " ".join(f"{article.pk}:{versions[article.pk]}" for article in articles),
        "back": back,
        "list": f"{_list()}?{back}" if back else _list(),
    }
    return TemplateResponse(request, "admin/articles/article/bulk.html", context)


def undo_page(request: HttpRequest) -> HttpResponse:
    """Takes one's own bulk back."""
    undone = undo(actor_of(request), batch=request.POST.get("batch", "-"))
    remember(request, "taken back", "", undone.done, undone.refused)
    return _to_list(QueryDict(request.POST.get("back", "")).urlencode())


def remember(
    request: HttpRequest,
    done: str,
    batch: str,
    articles: Sequence[Article],
    refused: Sequence[tuple[Article, str]],
) -> None:
    """Keep what was done until the list has told it."""
    request.session[OUTCOME] = {
        "done": done,
        "batch": batch if articles else "",
        "number": len(articles),
        "title": articles[0].title if len(articles) == 1 and not refused else "",
        "refused": [[row.pk, row.title, why] for row, why in refused[:SHOWN]],
        "refused_number": len(refused),
        "unnamed": max(len(refused) - SHOWN, 0),
    }


def remember_number(
    request: HttpRequest, done: str, number: int, batch: str = "", undo: str = ""
) -> None:
    """As `remember`, for acts that are told by number alone; `undo` names their page."""
    remember(request, done, "", [], [])
    request.session[OUTCOME] |= {"number": number, "batch": batch if number else "", "undo": undo}


def tell(request: HttpRequest) -> Any:
    """What was done last, once."""
    return request.session.pop(OUTCOME, None)


def _download(request: HttpRequest, versions: dict[int, int], back: str) -> Any:
    """The chosen articles' files as a zip, as an export would write them."""
    slugs = tuple(article.slug for article in bulk.in_hand(versions))
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
        root = Path(folder)
        try:
            run_export(root, ExportOptions(slugs=slugs, force=True), actor=actor_of(request))
        except Busy as busy:
            messages.error(request, str(busy))
            return _to_list(back)
        for file in sorted(path for path in root.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(root), zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename="articles.zip")


def _kind(name: str) -> bulk.Kind:
    if name not in bulk.KINDS:
        raise PermissionDenied
    return bulk.KINDS[name]


def _shown(sent: QueryDict) -> dict[int, int]:
    """The versions that the list showed, by article id."""
    pairs = ((name.removeprefix("version-"), str(value)) for name, value in sent.items())
    return {int(pk): int(v) for pk, v in pairs if _is_number(pk) and _is_number(v)}


def _pairs(text: str) -> dict[int, int]:
    pairs = [pair.partition(":") for pair in text.split()[: bulk.MOST]]
    return {int(pk): int(v) for pk, _, v in pairs if _is_number(pk) and _is_number(v)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _list() -> str:
    return reverse("admin:articles_article_changelist")


def _to_list(back: str) -> HttpResponse:
    return HttpResponseRedirect(f"{_list()}?{back}" if back else _list())
