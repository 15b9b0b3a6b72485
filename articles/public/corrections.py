"""What the newsroom told its readers about its own mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from ..models import Article, Transition
from ..states import State
from .leads import Readable
from .links import page
from .prepared import Given, Prepared

MOST = 100
"""Corrections on their page."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A public note; without title and address when it tells of a withdrawal."""

    id: int
    at: datetime
    note: str
    title: str = ""
    address: str = ""

    @property
    def is_withdrawal(self) -> bool:
        return not self.address


def newest(at: datetime, limit: int = MOST) -> list[Correction]:
    """The latest corrections that readers may know of; one query."""
    return [_correction(*row) for row in _NEWEST.part(0, limit, at=at)]


def of_article(article: Readable, at: datetime) -> list[Correction]:
    """The corrections of one published article, newest first; one query."""
    return [Correction(*row) for row in _OWN.rows(article=article.pk, at=at)]


def read_ahead(articles: Iterable[int], at: datetime) -> None:
    """Read the corrections of all of these at once for `of_article`; only within `sharing`."""
    found: dict[int, list[Any]] = {article: [] for article in articles}
    for article, *row in _notes(at).values_list("article", "pk", "at", "public_note"):
        if article in found:
            found[article].append(row)
    for article, notes in found.items():
        _OWN.know(notes, article=article, at=at)


def _own() -> QuerySet[Transition, Any]:
    notes = _notes(Given("at")).filter(article=Given("article", BigIntegerField()))
    return notes.values_list("pk", "at", "public_note")


def _newest() -> QuerySet[Transition, Any]:
    at = Given("at")
    public = Article.objects.published(at).filter(pk=OuterRef("article"))
    withdrawn = Q(
        article__state=State.WITHDRAWN,
        to_state=State.WITHDRAWN,
        article__first_published_at__lte=at,
    )
    article = ("state", "title", "slug", "story__slug")
    columns = ("pk", "at", "public_note", *(f"article__{name}" for name in article))
    return _notes(at).filter(Exists(public) | withdrawn).values_list(*columns)


_OWN, _NEWEST = Prepared(_own), Prepared(_newest)


def _notes(at: datetime | Given) -> QuerySet[Transition]:
    rows = Transition.objects.exclude(public_note="").filter(at__lte=at, undone_by__isnull=True)
    return rows.order_by("-at", "-pk")


def _correction(
    pk: int, at: datetime, note: str, state: str, title: str, stem: str, address: str | None
) -> Correction:
    if state == State.WITHDRAWN:
        return Correction(pk, at, note)
    return Correction(pk, at, note, title, page("story", address or stem))
