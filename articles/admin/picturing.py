"""An article's picture: bring one, say what it shows and whose it is, set what matters in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from ..images.assets import said_of
from ..images.bringing import (
    bring,
    choose,
    describe,
    may_bring,
    others_for,
    source_for,
    take_away,
)
from ..images.darkroom import MOST_BYTES, Refused
from ..images.recipe import Focus
from ..images.rendering import kept
from ..models import Article, PictureSource
from ..public.pictures import thumbnail
from . import leaf
from .acts import actor_of

NAME = "articles_article_picture"


class Description(forms.Form):
    """What is said of a picture. The focus is in hundredths from its left and its top."""

    alt = forms.CharField(max_length=300, required=False, strip=True)
    attribution = forms.CharField(max_length=200, required=False, strip=True)
    x = forms.IntegerField(min_value=0, max_value=100)
    y = forms.IntegerField(min_value=0, max_value=100)


def urls(desk: Any) -> list[URLPattern]:
    """The addresses under one article."""
    view = desk.admin_site.admin_view
    return [
        path("<int:pk>/picture/", view(_page(desk)), name=NAME),
        path("<int:pk>/picture/whole/", view(_whole(desk)), name=f"{NAME}_whole"),
    ]


def _page(desk: Any) -> Any:
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        if request.method == "POST":
            return _act(request, article)
        source = source_for(article)
        return leaf.page(
            desk,
            request,
            "picture.html",
            title=f"Picture: {article.title}",
            article=article,
            source=source,
            others=_others(article, source),
            said=said_of(article.images, source.address if source else ""),
            may_bring=may_bring(article, actor_of(request)),
            most=MOST_BYTES // 10**6,
        )

    return page


def _whole(desk: Any) -> Any:
    @require_safe
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        """The picture as it is kept, uncut: only so can be said what matters in it."""
        source = source_for(leaf.found(desk, request, pk))
        data = kept(source.picture) if source and source.picture else None
        if data is None:
            raise Http404("No picture of this article is kept.")
        response = HttpResponse(data, content_type="image/jpeg")
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    return answer


def _act(request: HttpRequest, article: Article) -> HttpResponse:
    asked, actor = request.POST.get("act", ""), actor_of(request)
    if asked == "bring":
        _bring(request, article)
    elif asked == "describe":
        _describe(request, article)
    elif asked.startswith("choose:"):
        _choose(request, article, asked.removeprefix("choose:"))
    elif asked == "take_away":
        take_away(article, actor)
        messages.success(request, "Taken away.")
    else:
        raise PermissionDenied
    return HttpResponseRedirect(reverse(f"admin:{NAME}", args=[article.pk]))


def _bring(request: HttpRequest, article: Article) -> None:
    actor, file = actor_of(request), request.FILES.get("picture")
    if file is None or not hasattr(file, "size"):
        messages.error(request, "Nothing was kept. Choose a file first.")
        return
    try:
        # One byte more than is ever kept: enough to be refused for.
        data = file.read(MOST_BYTES + 1)
        bring(article, data, actor, is_waiting=_is_waiting())
    except Refused as why:
        messages.error(request, f"Nothing was kept. {why}")
    else:
        messages.success(request, "Kept. Say what it shows, and set what matters in it.")


def _others(article: Article, source: PictureSource | None) -> list[tuple[PictureSource, str]]:
    """Pictures of its file that could be shown instead, each with the address of a small one."""
    found = others_for(article, source)
    return [(one, thumbnail(one.picture)) for one in found if one.picture]


def _choose(request: HttpRequest, article: Article, number: str) -> None:
    is_number = number.removeprefix("-").isascii() and number.removeprefix("-").isdigit()
    chosen = choose(article, int(number[:20]) if is_number else 0, actor_of(request))
    if chosen is None:
        messages.error(request, "Nothing was changed. That picture is not kept any more.")
    else:
        messages.success(request, "It is shown now.")


def _describe(request: HttpRequest, article: Article) -> None:
    form = Description(request.POST)
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"Nothing was changed. {field}: {' '.join(map(str, errors))}")
        return
    said = form.cleaned_data
    focus = Focus(said["x"], said["y"])
    words = {"alt": said["alt"], "attribution": said["attribution"]}
    describe(article, actor_of(request), **words, focus=focus, is_waiting=_is_waiting())
    messages.success(request, "Saved.")


def _is_waiting() -> bool:
    return settings.TASKS == "worker"
