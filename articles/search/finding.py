"""Asks the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from ..models import ArticleQuerySet
from .asking import Term

MOST = 2000
"""Matches that are ranked, the newest here; of more it is only known that there are more."""

_SQLITE: dict[str, Any] = {
    "where": [
        "articles_search MATCH %s",
        "articles_search.rowid = articles_article.id",
    ],
    # A word in a title says most of what the article is about.
    "score": "-bm25(articles_search, 10.0, 3.0, 2.0, 2.0)",
    "newest": "-articles_search.rowid",
}
_POSTGRES: dict[str, Any] = {
    "where": [
        "articles_search.vector @@ to_tsquery('simple', %s)",
        "articles_search.article_id = articles_article.id",
    ],
    "score": "ts_rank('{0, 0.2, 0.3, 1}', articles_search.vector, to_tsquery('simple', %s))",
    "newest": "-articles_search.article_id",
}


@dataclass(frozen=True, slots=True)
class Matches:
    """Ids of the ranked matches, best first; `is_more` when there are more than were ranked.

    `providers` counts the matches of each (domain, name).
    """

    ids: list[int]
    is_more: bool = False
    providers: Counter[tuple[str, str]] = field(default_factory=Counter)


def find(rows: ArticleQuerySet, terms: Sequence[Term]) -> Matches:
    """Those of `rows` (from `published(at)`) that have every term, ranked; one query.

    Without terms all of them, newest first.
    """
    columns = ("pk", "provider__domain", "provider__name")
    if terms:
        newest = list(_matching(rows, terms).values_list(*columns, "score")[: MOST + 1])
        found = sorted(newest[:MOST], key=lambda row: (-row[3], -row[0]))
    else:
        newest = list(rows.order_by("-go_live_at", "slug").values_list(*columns)[: MOST + 1])
        found = newest[:MOST]
    return Matches(
        [row[0] for row in found],
        is_more=len(newest) > MOST,
        providers=Counter((row[1], row[2]) for row in found),
    )


def _matching(rows: ArticleQuerySet, terms: Sequence[Term]) -> QuerySet[Any, Any]:
    """Newest first by the order of arrival, in which the index can be walked."""
    is_postgres = connections[rows.db].vendor == "postgresql"
    how = _POSTGRES if is_postgres else _SQLITE
    words = (_for_postgres if is_postgres else _for_sqlite)(terms)
    return rows.extra(
        select={"score": how["score"]},
        select_params=[words] if is_postgres else [],
        tables=["articles_search"],
        where=how["where"],
        params=[words],
        order_by=[how["newest"]],
    )


def _for_sqlite(terms: Sequence[Term]) -> str:
    # Words are letters and digits only, so nothing in them means anything to FTS5.
    return " AND ".join(f'"{" ".join(term.words)}"{"*" * term.is_prefix}' for term in terms)


def _for_postgres(terms: Sequence[Term]) -> str:
    return " & ".join(map(_side_by_side, terms))


def _side_by_side(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' * term.is_prefix})"
