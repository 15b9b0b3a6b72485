"""`/api/news/…`: the pages of items that existing readers of this format consume (FORMAT.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet, TextField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ...models import Article, ArticleQuerySet, Falling, FileName
from .. import addresses, clock, directory
from ..entries import read_topics_ahead, topics_by_article
from ..prepared import Given, Prepared
from .answers import Gone, as_json, for_programs
from .items import COLUMNS, Item, Piece, item, piece_of

PAGE_SIZE = 25
AT_ONCE = 500


@for_programs
def newest(request: HttpRequest, page: int = 1) -> HttpResponse:
    """The published articles, newest by their publishers' time."""
    return as_json(_page(_ALL, page, at=clock.of(request).at))


@for_programs
def under(request: HttpRequest, name: str) -> HttpResponse:
    """A topic's first page, or the item of a file's stem; a topic of that slug comes first."""
    at = clock.of(request).at
    if family := directory.family(name, at):
        return as_json(_page(_UNDER_A_TOPIC, 1, at=at, topic=family.topic.pk))
    return _item(name, at)


@for_programs
def of_topic(request: HttpRequest, slug: str, page: int) -> HttpResponse:
    """A later page of a topic."""
    at = clock.of(request).at
    family = directory.family(slug, at)
    if family is None:
        raise Http404("There is no topic at this address.")
    return as_json(_page(_UNDER_A_TOPIC, page, at=at, topic=family.topic.pk))


def _item(stem: str, at: datetime) -> HttpResponse:
    if rows := _OF_A_STEM.rows(at=at, stem=stem):
        return as_json(_items([piece_of(rows[0])])[0])
    found = addresses.find(stem, at)
    if found.lead is not None:
        return redirect("public:api-news-under", found.lead.slug, permanent=found.is_renamed)
    if found.was_public:
        raise Gone("This was published once and no longer is.")
    raise Http404("No topic and no article has this address.")


def read_ahead(at: datetime) -> None:
    """Read the item of every story at once; only within `sharing`."""
    rows = list(Article.objects.published(at).values_list(*COLUMNS))
    pieces = [piece_of(row) for row in rows]
    for one, row in zip(pieces, rows, strict=True):
        _OF_A_STEM.know([row], stem=one.slug, at=at)
    directory.no_topics((one.slug for one in pieces), at)
    for start in range(0, len(pieces), AT_ONCE):
        read_topics_ahead([one.pk for one in pieces[start : start + AT_ONCE]])


def _page(stories: _Stories, page: int, **values: Any) -> dict[str, Any]:
    """One page; the first is there even when it is empty. Raises Http404 for one past the last."""
    start = (page - 1) * PAGE_SIZE
    found = _slice(stories, start, start + PAGE_SIZE + 1, values)
    if not found and page > 1:
        raise Http404("There is no such page.")
    next_page = page + 1 if len(found) > PAGE_SIZE else None
    return {"page": page, "value": _items(found[:PAGE_SIZE]), "nextPage": next_page}


def _slice(stories: _Stories, start: int, stop: int, values: dict[str, Any]) -> list[Piece]:
    """Newest first, ties by file name; those that name no time come last.

    Those are asked for apart: databases differ in where they put what has no value.
    """
    found = stories.dated.part(start, stop, **values)
    missing = stop - start - len(found)
    if missing:
        dated = stories.build(**values).filter(published_at__isnull=False)
        skip = 0 if found else max(0, start - dated.count())
        found += stories.undated.part(skip, skip + missing, **values)
    return [piece_of(row) for row in found]


def _items(articles: Sequence[Piece]) -> list[Item]:
    topics = topics_by_article(articles)
    return [item(one, [topic.name for topic in topics[one.pk]]) for one in articles]


class _Stories:
    """Published stories page by page, by number; `build` puts them together."""

    def __init__(self, build: Callable[..., ArticleQuerySet], **given: Given) -> None:
        self.build = build
        self.dated = Prepared(lambda: self._in_order(given, Falling("published_at"), has_time=True))
        self.undated = Prepared(lambda: self._in_order(given, has_time=False))

    def _in_order(
        self, given: dict[str, Given], *first: Falling, has_time: bool
    ) -> QuerySet[Article, Any]:
        rows = self.build(**given).filter(published_at__isnull=not has_time)
        return rows.order_by(*first, FileName()).values_list(*COLUMNS)


def _under_a_topic(at: datetime | Given, topic: int | Given) -> ArticleQuerySet:
    return Article.objects.published(at).filter(topics=topic)


def _of_a_stem() -> QuerySet[Article, Any]:
    published = Article.objects.published(Given("at"))
    return published.filter(slug=Given("stem", TextField())).values_list(*COLUMNS)


_ALL = _Stories(Article.objects.published, at=Given("at"))
_UNDER_A_TOPIC = _Stories(_under_a_topic, at=Given("at"), topic=Given("topic", BigIntegerField()))
_OF_A_STEM = Prepared(_of_a_stem)
