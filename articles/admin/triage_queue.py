"""The queue as one walks through it: the list's own filters and order, one article at a time."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from ..models import Article
from .controls import Choice
from .filters import ShelfFilter
from .results import ArticleList

NAME = "articles_article_triage"
AT, NUMBER, ASKED = "at", "n", "asked"
"""Parameters of an address: the article, its place in the queue, what was pressed unanswered."""
OWN = (AT, NUMBER, ASKED, "reason", "comment", "p", "e")
FAR = 1000
"""Articles that the walk sees ahead of it; what is left beyond them is told as `1,000+`."""


class Unlisted(ArticleList):
    """The list's filters and order without its page of rows."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_count, self.full_result_count = 0, None
        self.result_list, self.can_show_all, self.multi_page = [], False, False


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody stands: `ids` as they wait now, `at` the article looked at (0: none),
    `number` its index in the queue when it was met, `filters` the list's query string."""

    ids: list[int]
    at: int
    number: int
    filters: str

    @property
    def left(self) -> str:
        """How many wait."""
        return f"{FAR:,}+" if len(self.ids) > FAR else f"{len(self.ids):,}"

    @property
    def index(self) -> int | None:
        """The place of the article in the queue as it is now; None once it left."""
        return self.ids.index(self.at) if self.at in self.ids else None

    @property
    def after(self) -> int:
        """The article after this one, 0 at the end; what follows a decided one took its place."""
        index = self.index
        return self._met(self.number if index is None else index + 1)

    @property
    def before(self) -> int:
        """The article before this one, 0 at the beginning."""
        index = self.index
        return self._met((self.number if index is None else index) - 1)

    def onward(self, then: int) -> int:
        """Where to go after a decision: `then`, which was next on the page, while it waits."""
        return then if then in self.ids else self.after or self._met(0)

    def to(self, at: int) -> Walk:
        """The same walk, standing at another article."""
        number = self.ids.index(at) if at in self.ids else self.number
        return replace(self, at=at, number=number)

    def address(self, at: int, **more: str) -> str:
        """The page of one article of this walk."""
        if not at:
            return self.start
        number = self.ids.index(at) if at in self.ids else self.number
        place = urlencode({AT: at, NUMBER: number, **more})
        return f"{reverse(f'admin:{NAME}')}?{'&'.join(filter(None, (self.filters, place)))}"

    @property
    def start(self) -> str:
        """The page that begins with the first article that waits."""
        page = reverse(f"admin:{NAME}")
        return f"{page}?{self.filters}" if self.filters else page

    def _met(self, index: int) -> int:
        return self.ids[index] if 0 <= index < len(self.ids) else 0


def walk(desk: Any, request: HttpRequest) -> Walk:
    """The walk that the address of a request asks for; one query besides those of filters."""
    asked = request.GET
    kept = asked.copy()
    for name in OWN:
        kept.pop(name, None)
    filters = kept.urlencode()
    at, number = number_of(asked.get(AT, "")), number_of(asked.get(NUMBER, ""))
    return Walk(_ids(desk, request, filters), at, number, filters)


def number_of(text: str) -> int:
    """An id or a count as an address or a form has it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _ids(desk: Any, request: HttpRequest, filters: str) -> list[int]:
    plain = copy(request)
    plain.GET = QueryDict(filters)
    try:
        found = _listed(desk, plain).queryset
    except IncorrectLookupParameters:
        return []
    rows = found.select_related(None).prefetch_related(None).values_list("pk", flat=True)
    return list(dict.fromkeys(rows[: FAR + 1]))


def _listed(desk: Any, request: HttpRequest) -> Unlisted:
    # As ModelAdmin.get_changelist_instance, which would read a page of rows and count all.
    columns = desk.get_list_display(request)
    links = desk.get_list_display_links(request, columns)
    # Sorting names columns by their number, that of the boxes counted.
    boxes = ["action_checkbox"] if desk.get_actions(request) else []
    return Unlisted(
        request,
        Article,
        [*boxes, *columns],
        links,
        _narrowing(desk, request),
        desk.date_hierarchy,
        desk.get_search_fields(request),
        desk.get_list_select_related(request),
        desk.list_per_page,
        desk.list_max_show_all,
        desk.list_editable,
        desk,
        desk.get_sortable_by(request),
        desk.search_help_text,
    )


def _narrowing(desk: Any, request: HttpRequest) -> list[Any]:
    """The filters that narrow: a choice that nobody made would only read its choices."""
    return [
        spec
        for spec in desk.get_list_filter(request)
        if spec is ShelfFilter
        or not (isinstance(spec, type) and issubclass(spec, Choice))
        or spec.parameter_name in request.GET
    ]
