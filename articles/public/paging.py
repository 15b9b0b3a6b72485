"""The place of a page in its list, and its own address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from ..models import ArticleQuerySet
from .leads import Lead
from .links import absolute
from .listing import BadCursorError, Order, Source


def listed(
    request: HttpRequest,
    order: Order,
    rows: ArticleQuerySet | Source,
    query: str = "",
) -> tuple[list[Lead], dict[str, Any]]:
    """One page of a list, and what its template says about its place: canonical, next, is_first.

    Of the query string only what the page answers to is in its address: `query` and the cursor.
    """
    cursor = request.GET.get("after", "")
    try:
        articles, after = order.page(rows, cursor)
    except BadCursorError:
        raise Http404(_("This page of the list does not exist; the list begins anew.")) from None
    query_here = [query] if query else []
    current = [*query_here, f"after={quote(cursor)}"] if cursor else query_here
    links = {
        "canonical": here(request, "&".join(current)),
        "next": "?" + "&".join([*query_here, f"after={quote(after)}"]) if after else "",
        "is_first": not cursor,
    }
    return articles, links


def here(request: HttpRequest, query: str = "") -> str:
    """The canonical address of a page: its path, and of the query only what it answers to."""
    return absolute(escape_uri_path(request.path)) + (f"?{query}" if query else "")
