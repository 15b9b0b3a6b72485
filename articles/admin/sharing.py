"""Previews for the desk, and the page that makes, lists and revokes share links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..desk.sharing import (
    LIFETIMES,
    SHARING,
    is_open,
    revoke,
    share,
    token_of,
    with_standing,
)
from ..models import Article, Revision, ShareLink
from ..public.links import absolute
from ..public.preview import preview
from . import leaf
from .acts import actor_of
from .triage_queue import number_of

AT_ONCE = 50
"""Newest links and revisions that the page lists."""
DRAFT = "draft"


@dataclass(frozen=True)
class Line:
    """One link in the list; `ended` says why it answers nobody, empty while it does."""

    link: ShareLink
    address: str
    ended: str


def urls(desk: Any) -> list[URLPattern]:
    """The addresses under one article."""
    view = desk.admin_site.admin_view
    return [
        path("<int:pk>/preview/", view(_previewing(desk)), name="articles_article_preview"),
        path("<int:pk>/share/", view(_sharing(desk)), name="articles_article_share"),
    ]


def _previewing(desk: Any) -> Any:
    @require_safe
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        revision = _revision(article, request.GET.get("revision", ""))
        return preview(request, article, revision, timezone.now())

    return page


def _revision(article: Article, asked: str) -> Revision | None:
    """The revision that is asked for: by id, `draft`, or none for the article as it stands."""
    if not asked:
        return None
    pk = article.draft_id or 0 if asked == DRAFT else number_of(asked)
    revision = article.revisions.filter(pk=pk).first()
    if revision is None:
        raise Http404("There is no such revision of this article.")
    return revision


def _sharing(desk: Any) -> Any:
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        if request.method == "POST":
            return _act(request, article)
        now = timezone.now()
        return leaf.page(
            desk,
            request,
            "share.html",
            title=f"Share: {article.title}",
            article=article,
            lines=_lines(article, now),
            lifetimes=LIFETIMES.items(),
            revisions=article.revisions.select_related("actor").defer("data")[:AT_ONCE],
            may_share=actor_of(request).has_perm(SHARING),
        )

    return page


def _lines(article: Article, now: datetime) -> list[Line]:
    links = with_standing(article.share_links.select_related("made_by", "article"))[:AT_ONCE]
    return [Line(link, _address(link), _ended(link, now)) for link in links]


def _address(link: ShareLink) -> str:
    return absolute(reverse("public:preview", args=[token_of(link)]))


def _ended(link: ShareLink, now: datetime) -> str:
    if is_open(link, now):
        return ""
    if link.revoked_at:
        return "revoked"
    return "expired" if link.expires_at <= now else "ended by the withdrawal"


def _act(request: HttpRequest, article: Article) -> HttpResponse:
    asked = request.POST.get("act", "")
    if asked == "make":
        _make(request, article)
    elif asked.startswith("revoke:"):
        link = article.share_links.filter(pk=number_of(asked.removeprefix("revoke:"))).first()
        if link is None:
            raise Http404("There is no such link of this article.")
        revoke(link, actor_of(request), timezone.now())
        messages.success(request, "Revoked: the link answers nobody any more.")
    else:
        raise PermissionDenied
    return HttpResponseRedirect(reverse("admin:articles_article_share", args=[article.pk]))


def _make(request: HttpRequest, article: Article) -> None:
    days = request.POST.get("days", "")
    if days not in LIFETIMES:
        raise PermissionDenied
    try:
        share(
            article,
            actor_of(request),
            revision=_revision(article, request.POST.get("revision", "")),
            lifetime=timedelta(days=int(days)),
            now=timezone.now(),
        )
    except ValueError as why:
        messages.error(request, f"No link was made. {why}")
    else:
        messages.success(request, f"Made a link that works {LIFETIMES[days]}. Copy it below.")
