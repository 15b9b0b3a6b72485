"""After a withdrawal: each place with what is done and left. The same for a hidden related item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from ..desk.hiding import PERMISSION, hide, items_of, show_again
from ..models import Article, RelatedItem, Transition
from ..states import Action, State
from ..workflow import ReasonMissing
from . import leaf
from .acts import actor_of
from .finding import is_link, spellings
from .leaving import of_article, of_item
from .triage_queue import number_of

SHOWN = 20
"""Related items of one link that the page lists; titles change, links do not."""
ACTS = {"hide": hide, "show": show_again}


def urls(desk: Any) -> list[URLPattern]:
    """The checklist of an article, and hiding by a link."""
    view = desk.admin_site.admin_view
    return [
        path("hide/", view(_hiding(desk)), name="articles_article_hide"),
        path("<int:pk>/withdrawal/", view(_checking(desk)), name="articles_article_withdrawal"),
    ]


def _checking(desk: Any) -> Any:
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        act = _withdrawal(article)
        return leaf.page(
            desk,
            request,
            "withdrawal.html",
            title=f"Withdrawal: {article.title}",
            article=article,
            act=act,
            is_withdrawn=article.state == State.WITHDRAWN,
            places=of_article(article, act.at if act else None, timezone.now()),
        )

    return page


def _withdrawal(article: Article) -> Transition | None:
    acts = article.transitions.filter(action__in=(Action.WITHDRAW, "import_withdraw"))
    return acts.select_related("actor", "run").order_by("-id").first()


def _hiding(desk: Any) -> Any:
    def page(request: HttpRequest) -> HttpResponse:
        if not desk.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return _act(request)
        link, now = request.GET.get("link", "").strip(), timezone.now()
        found = items_of(spellings(link))[:SHOWN] if is_link(link) else []
        return leaf.page(
            desk,
            request,
            "hide.html",
            title="Hide coverage",
            link=link,
            is_asked=bool(link),
            found=[(item, of_item(item, now)) for item in found],
            may_hide=actor_of(request).has_perm(PERMISSION),
        )

    return page


def _act(request: HttpRequest) -> HttpResponse:
    name, _, pk = request.POST.get("act", "").partition(":")
    item = RelatedItem.objects.filter(pk=number_of(pk)).first()
    if name not in ACTS or item is None:
        raise Http404("There is no such related item.")
    try:
        ACTS[name](item, actor_of(request), timezone.now(), comment=request.POST.get("comment", ""))
    except ReasonMissing as why:
        messages.error(request, f"Nothing was changed. {why}")
    else:
        said = "Hidden from readers" if name == "hide" else "Shown to readers again"
        messages.success(request, f"{said}: {item.title}")
    page = reverse("admin:articles_article_hide")
    return HttpResponseRedirect(f"{page}?{urlencode({'link': item.link})}")
