"""Kinds of filters: controls of one form, so that all of them survive together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from ..models import Article

Choices = list[tuple[str, str]]
LARGEST = 2**31 - 1
PLAUSIBLE_YEARS = range(1000, 9000)
"""Far from the ends of the calendar, where zones and next days overflow."""


class Choice(admin.SimpleListFilter):
    """One choice of several, as a select; `is_rare`: it stands among "More filters"."""

    template = "admin/articles/filters/choice.html"
    is_rare = False

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"value": "", "selected": self.value() is None, "display": "any"}
        for value, display in self.lookup_choices:
            yield {
                "value": value,
                "selected": self.value() == str(value),
                "display": display,
            }


class Conditions(Choice, ABC):
    """A choice whose every value is a condition on articles."""

    called: ClassVar[dict[str, str]] = {}
    """What each value is called."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(self.called.items())

    @abstractmethod
    def conditions(self, request: HttpRequest) -> dict[str, Q]:
        """The condition of each value."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value() or ""
        if chosen not in self.called:
            return queryset
        return queryset.filter(self.conditions(request)[chosen])


class Typed(admin.ListFilter):
    """Controls that are typed into, one for each of `parameters`."""

    template = "admin/articles/filters/typed.html"
    parameters: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(name in the address, what it is called)"""
    kind = "text"
    is_rare = False
    suggestions = ""
    """The id of the list on the page that offers values."""

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
                "suggestions": self.suggestions,
                "value": self.typed(name),
            }

    def typed(self, name: str) -> str:
        """What was typed into one of the controls."""
        # PostgreSQL takes no NUL in a text.
        return str(self.used_parameters.get(name, "")).replace("\0", " ").strip()

    def number(self, name: str) -> int | None:
        """A typed number, None for what is none."""
        try:
            number = int(self.typed(name))
        except ValueError:
            return None
        return max(-LARGEST, min(number, LARGEST))

    def midnight(self, name: str) -> datetime | None:
        """The beginning of a typed day in the newsroom's zone, None for what is none."""
        try:
            day = parse_date(self.typed(name))
        except ValueError:
            return None
        if day is None or day.year not in PLAUSIBLE_YEARS:
            return None
        return timezone.make_aware(datetime.combine(day, time()))


class Range(Typed):
    """From a number to a number, both included."""

    kind = "number"
    column = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        low, high = (self.number(name) for name, _ in self.parameters)
        if low is not None:
            queryset = queryset.filter(**{f"{self.column}__gte": low})
        return queryset if high is None else queryset.filter(**{f"{self.column}__lte": high})
