"""What the pages under one article have in common: who may look, where they lead back to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from ..models import Article
from ..stories.acts import NotPossible
from ..workflow import ActRefused, NotPermitted


def found(desk: Any, request: HttpRequest, pk: int) -> Article:
    """The article of a page, for those who may look at it; raises Http404, PermissionDenied."""
    article: Article | None = desk.get_queryset(request).filter(pk=pk).first()
    if article is None:
        raise Http404("There is no such article.")
    if not desk.has_view_permission(request, article):
        raise PermissionDenied
    return article


def page(desk: Any, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page of the desk, in its frame."""
    frame = desk.admin_site.each_context(request) | {"opts": desk.opts, "subtitle": None}
    return TemplateResponse(request, f"admin/articles/article/{template}", frame | context)


def form_page(article: Article, anchor: str = "") -> str:
    """The address of an article's form, at one of its panels."""
    address = reverse("admin:articles_article_change", args=[article.pk])
    return f"{address}#{anchor}" if anchor else address


def back(article: Article, anchor: str = "") -> HttpResponse:
    """The answer to a form that stands beside the article's."""
    return HttpResponseRedirect(form_page(article, anchor))


def version_seen(request: HttpRequest) -> int:
    """The version that a small form was decided on; 0, which no article has, when it says none."""
    return id_in(request, "version")


def id_in(request: HttpRequest, name: str) -> int:
    """The number that a form sends under that name; 0, which nothing has, for anything else."""
    return as_id(request.POST.get(name, ""))


def moment(sent: str, otherwise: datetime) -> datetime:
    """What a field for a date and a time sent, in the zone that times are shown in; `otherwise`
    for what is none."""
    try:
        found = datetime.fromisoformat(sent)
        return timezone.make_aware(found) if timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        return otherwise


def as_id(text: str) -> int:
    """A number as an address or a form has it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class Refusing:
    """Tells the person why nothing was done; who may not is answered 403 all the same."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.is_refused = False

    def __enter__(self) -> Refusing:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if error is None or isinstance(error, PermissionDenied | NotPermitted):
            return False
        if not isinstance(error, ActRefused | ValidationError | NotPossible):
            return False
        said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(self._request, f"Nothing was changed. {said}")
        self.is_refused = True
        return True
