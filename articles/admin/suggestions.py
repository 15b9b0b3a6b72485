"""Names to choose from while an editor types into a filter."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path

from providers.models import Provider

OFFERED = 12


def urls(desk: Any) -> list[URLPattern]:
    view = desk.admin_site.admin_view(providers)
    return [path("providers/", view, name="articles_article_providers")]


def providers(request: HttpRequest) -> JsonResponse:
    """Providers whose name or domain holds what was typed, those that begin with it first."""
    typed = request.GET.get("q", "").strip().replace("\0", "")
    if not typed or not request.user.has_perm("articles.view_article"):
        return JsonResponse({"providers": []})
    holding = Provider.objects.filter(Q(name__icontains=typed) | Q(domain__icontains=typed))
    beginning = holding.filter(Q(name__istartswith=typed) | Q(domain__istartswith=typed))
    rows = [*_named(beginning), *_named(holding)]
    found = [{"domain": domain, "name": name} for domain, name in dict(rows).items()]
    return JsonResponse({"providers": found[:OFFERED]})


def _named(found: Any) -> list[tuple[str, str]]:
    return list(found.order_by("name").values_list("domain", "name")[:OFFERED])
