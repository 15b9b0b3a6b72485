"""What the newsroom told its readers about its own mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from ..models import Article, Transition
from ..states import State
from .leads import Readable
from .links import address
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
    public = Article.objects.published(at).filter(pk=OuterRef("article"))
    withdrawn = Q(
        article__state=State.WITHDRAWN,
        to_state=State.WITHDRAWN,
        article__first_published_at__lte=at,
    )
    rows = _notes(at).filter(Exists(public) | withdrawn)
    return [_correction(row) for row in rows.select_related("article__story")[:limit]]


def of_article(article: Readable, at: datetime) -> list[Correction]:
    """The corrections of one published article, newest first; one query."""
    return [Correction(*row) for row in _OWN.rows(article=article.pk, at=at)]


def _own() -> QuerySet[Transition, Any]:
    notes = _notes(Given("at")).filter(article=Given("article", BigIntegerField()))
    return notes.values_list("pk", "at", "public_note")


_OWN = Prepared(_own)


def _notes(at: datetime | Given) -> QuerySet[Transition]:
    rows = Transition.objects.exclude(public_note="").filter(at__lte=at, undone_by__isnull=True)
    return rows.order_by("-at", "-pk")


def _correction(row: Transition) -> Correction:
    article = row.article
    if article.state == State.WITHDRAWN:
        return Correction(row.pk, row.at, row.public_note)
    return Correction(row.pk, row.at, row.public_note, article.title, address(article))
