"""A page of the article list: found by position, counted only as far as people read."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from ..desk.bulk import KINDS
from ..desk.counting import Counted, count_up_to
from ..models import Article, ArticleTopic
from ..states import State, allowed
from . import finding
from .acts import actor_of
from .filters import COUNTED, shelf_of
from .queue import SHORT, on_shelf, ordering

HEAVY = ("body", "embed", "images", "provider_images")
"""Columns that no list shows."""

ROW_ACTS = ("approve", "spike")
"""Bulk acts that a single row offers as buttons, done at once: they can be taken back."""

NARROWED = 250
"""How far a narrowed list is counted: it looks at many articles for each that it finds."""

LYING = 10_000
"""Articles of a short shelf that filters and words are asked of."""

DEEPEST = 10_000
"""Pages beyond this one would be a walk through the whole table: filters narrow better."""


class ArticleList(ChangeList):
    """Reads what its rows show, in as many queries for one row as for fifty.

    The ids of a page come from the order's index alone, and only its own rows are read whole, so
    that a late page costs little more than an early one. Nothing is counted beyond COUNTED.
    """

    counted = Counted(0)
    first = last = 0
    has_next = False

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """On a short shelf each article is asked whether the filters leave it: their own indexes
        lead through all that the archive has."""
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        shelf = shelf_of(request)
        if shelf not in SHORT or not self._is_narrowed:
            return found
        lying = on_shelf(Article.objects.order_by(*ordering(shelf)), shelf)
        ids = list(lying.values_list("pk", flat=True)[:LYING])
        rows = self.root_queryset.filter(pk__among=ids)
        rows = rows.filter(Exists(found.order_by().filter(pk=OuterRef("pk"))))
        return rows.order_by(*found.query.order_by)

    def get_results(self, request: HttpRequest) -> None:
        size = self.list_per_page
        self.page_num = min(max(self.page_num, 1), DEEPEST)
        ids = self._ids((self.page_num - 1) * size, size + 1)
        if not ids and self.page_num > 1:
            # What stood on this page was decided or filtered away: stay with the list's end.
            self.page_num = max(-(-self._count().number // size), 1)
            ids = self._ids((self.page_num - 1) * size, size + 1)
        self.has_next = len(ids) > size
        self.first = (self.page_num - 1) * size + 1 if ids else 0
        self.last = self.first + min(len(ids), size) - 1 if ids else 0
        self.counted = self._count() if self.has_next else Counted(self.last)
        self.result_list = self._rows(ids[:size], request)
        self._tell_django()

    def _ids(self, start: int, number: int) -> list[int]:
        return list(self.queryset.values_list("pk", flat=True)[start : start + number])

    def _count(self) -> Counted:
        # An order that somebody chose has no index: to count in it would be to sort once more.
        is_sorted = ORDER_VAR in self.params
        rows = self.queryset.order_by() if is_sorted else self.queryset
        bound = min(COUNTED, NARROWED) if self._is_narrowed else COUNTED
        return count_up_to(bound, {"all": rows})["all"]

    @property
    def _is_narrowed(self) -> bool:
        return bool(self.query or self.get_filters_params().keys() - {"shelf"})

    def _rows(self, ids: list[int], request: HttpRequest) -> list[Any]:
        places = ArticleTopic.objects.select_related("topic")
        found = Article.objects.filter(pk__in=ids).select_related("provider", "story", "assignee")
        rows = found.defer(*HEAVY, "provider__other_names").prefetch_related(
            Prefetch("topic_places", queryset=places)
        )
        by_id: dict[int, Any] = {row.pk: row for row in rows}
        kept = self.model_admin.get_preserved_filters(request)
        actor = actor_of(request)
        offered = [KINDS[name] for name in ROW_ACTS if KINDS[name].is_open_to(actor)]
        for row in by_id.values():
            page = reverse("admin:articles_article_change", args=[row.pk])
            row.desk_page = f"{page}?{kept}" if kept else page
            row.desk_acts = [kind for kind in offered if kind.action in allowed(State(row.state))]
        return [by_id[pk] for pk in ids if pk in by_id]

    def _tell_django(self) -> None:
        self.result_count = self.counted.number
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.full_result_count = None
        self.can_show_all = False
        self.multi_page = False
        self.paginator = None

    @property
    def has_rare_filters(self) -> bool:
        """Whether one of "More filters" is in use, so that they must be in sight."""
        rare = [spec for spec in self.filter_specs if getattr(spec, "is_rare", False)]
        names = {name for spec in rare for name in spec.expected_parameters()}
        return any(values[-1] for name, values in self._narrowing.items() if name in names)

    @property
    def is_narrowed(self) -> bool:
        """Whether words or filters leave articles of the shelf out."""
        return any(values[-1] for values in self._narrowing.values()) or bool(self.query)

    @property
    def everywhere_link(self) -> str:
        """The same words and filters on every shelf."""
        return self.get_query_string({"shelf": "all"}, [PAGE_VAR])

    @property
    def bare_link(self) -> str:
        """The shelf without words and filters."""
        return self.get_query_string({}, [SEARCH_VAR, PAGE_VAR, *self._narrowing])

    @property
    def _narrowing(self) -> dict[str, list[str]]:
        asked = self.get_filters_params()
        return {name: values for name, values in asked.items() if name != "shelf"}

    @property
    def is_in_window(self) -> bool:
        """Whether words were looked for, which reaches only so far back."""
        return bool(self.query) and not finding.is_link(self.query)

    @property
    def previous_link(self) -> str:
        """The query string of the page before, empty on the first."""
        return self.get_query_string({PAGE_VAR: self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def next_link(self) -> str:
        """The query string of the page after, empty on the last."""
        return self.get_query_string({PAGE_VAR: self.page_num + 1}) if self.has_next else ""
