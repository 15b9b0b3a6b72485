"""The place of a page in its list, and its own address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from .leads import Lead
from .links import absolute
from .listing import BadCursorError, Listed, Listing, Order


def listed(
    request: HttpRequest,
    order: Order,
    rows: Listed,
    query: str = "",
) -> tuple[list[Lead], dict[str, Any]]:
    """One page of a list, and what its template says about its place: canonical, next, is_first.

    Of the query string only what the page answers to is in its address: `query` and the cursor.
    """
    return paged(request, lambda cursor: order.page(rows, cursor), query)


def paged(
    request: HttpRequest, page: Callable[[str], Listing], query: str = ""
) -> tuple[list[Lead], dict[str, Any]]:
    """As `listed`, for a function from a cursor to a page."""
    cursor = request.GET.get("after", "")
    try:
        articles, after = page(cursor)
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
