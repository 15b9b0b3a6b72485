"""The filters of the article list: controls of one form, so that all of them survive together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from ..models import Article, Topic
from ..states import State
from .queue import SHELVES, on_shelf

Choices = list[tuple[str, str]]
LARGEST = 2**31 - 1
PLAUSIBLE_YEARS = range(1000, 9000)
"""Far from the ends of the calendar, where zones and next days overflow."""


def shelf_of(request: HttpRequest) -> str:
    """The shelf asked for; the queue unless a search or a state asks for articles anywhere."""
    asked = request.GET.get("shelf", "")
    if asked in SHELVES:
        return asked
    return "all" if request.GET.get(SEARCH_VAR) or request.GET.get("state") else "queue"


class Choice(admin.SimpleListFilter):
    """One choice of several, as a select."""

    template = "admin/articles/filters/choice.html"

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"value": "", "selected": self.value() is None, "display": "any"}
        for value, display in self.lookup_choices:
            yield {
                "value": value,
                "selected": self.value() == str(value),
                "display": display,
            }


class ShelfFilter(Choice):
    """Tabs over the list."""

    title = "shelf"
    parameter_name = "shelf"
    template = "admin/articles/filters/shelf.html"

    def __init__(self, request: HttpRequest, *arguments: Any) -> None:
        super().__init__(request, *arguments)
        self.shelf = shelf_of(request)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(SHELVES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return on_shelf(queryset, self.shelf)

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, display in self.lookup_choices:
            link = changelist.get_query_string({"shelf": value}, ["p", "state"])
            yield {"selected": value == self.shelf, "display": display, "link": link}


class StateFilter(Choice):
    title = "State"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, state.value.replace("_", " ")) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class TopicFilter(Choice):
    title = "Topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("-", "no topic"), *Topic.objects.order_by("name").values_list("slug", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() == "-":
            return queryset.filter(topic_places=None)
        return queryset.filter(topics__slug=self.value()) if self.value() else queryset


class CoverageFilter(Choice):
    title = "Coverage"
    parameter_name = "coverage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", "has coverage"), ("no", "alone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        covered = Q(story__member_count__gt=1) | Q(story__related_count__gt=0)
        chosen = {"yes": covered, "no": ~covered}.get(self.value() or "", Q())
        return queryset.filter(chosen)


class Typed(admin.ListFilter):
    """Controls that are typed into, one for each of `parameters`."""

    template = "admin/articles/filters/typed.html"
    parameters: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(name in the address, what it is called)"""
    kind = "text"

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name, _ in self.parameters:
            if name in params:
                # Taken from Django's own list of lookups, as its filters do.
                self.used_parameters[name] = params.pop(name)[-1].strip()

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [name for name, _ in self.parameters]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for name, called in self.parameters:
            yield {
                "name": name,
                "called": called,
                "kind": self.kind,
                "value": self.used_parameters.get(name, ""),
            }


class ProviderFilter(Typed):
    title = "Provider"
    parameters = (("provider", "Provider"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        typed = self.used_parameters.get("provider")
        if not typed:
            return queryset
        return queryset.filter(
            Q(provider__domain__icontains=typed) | Q(provider__name__icontains=typed)
        )


class QualityFilter(Typed):
    title = "Quality"
    kind = "number"
    parameters = (("quality_from", "Quality from"), ("quality_to", "to"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        low, high = (self._number(name) for name, _ in self.parameters)
        if low is not None:
            queryset = queryset.filter(quality__gte=low)
        return queryset if high is None else queryset.filter(quality__lte=high)

    def _number(self, name: str) -> int | None:
        try:
            number = int(str(self.used_parameters.get(name, "")))
        except ValueError:
            return None
        return max(-LARGEST, min(number, LARGEST))


class PublishedFilter(Typed):
    """By the publisher's time, whole days in the newsroom's zone, both ends included."""

    title = "Published"
    kind = "date"
    parameters = (("from", "Published from"), ("until", "until"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        first, last = (self._midnight(name) for name, _ in self.parameters)
        if first:
            queryset = queryset.filter(published_at__gte=first)
        return queryset.filter(published_at__lt=last + timedelta(days=1)) if last else queryset

    def _midnight(self, name: str) -> datetime | None:
        try:
            day = parse_date(str(self.used_parameters.get(name, "")))
        except ValueError:
            return None
        if day is None or day.year not in PLAUSIBLE_YEARS:
            return None
        return timezone.make_aware(datetime.combine(day, time()))
