"""`/api/news/…`: the pages of items that existing readers of this format consume (FORMAT.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ...models import Article, ArticleQuerySet, ArticleTopic
from .. import addresses, clock, directory
from .answers import Gone, as_json, for_programs
from .items import Item, item

PAGE_SIZE = 25


@for_programs
def newest(request: HttpRequest, page: int = 1) -> HttpResponse:
    """The published articles, newest by their publishers' time."""
    return as_json(_page(Article.objects.published(clock.of(request).at), page))


@for_programs
def under(request: HttpRequest, name: str) -> HttpResponse:
    """A topic's first page, or the item of a file's stem; a topic of that slug comes first."""
    at = clock.of(request).at
    if family := directory.family(name, at):
        return as_json(_page(Article.objects.published(at).filter(topics=family.topic), 1))
    return _item(name, at)


@for_programs
def of_topic(request: HttpRequest, slug: str, page: int) -> HttpResponse:
    """A later page of a topic."""
    at = clock.of(request).at
    family = directory.family(slug, at)
    if family is None:
        raise Http404("There is no topic at this address.")
    return as_json(_page(Article.objects.published(at).filter(topics=family.topic), page))


def _item(stem: str, at: datetime) -> HttpResponse:
    articles = Article.objects.published(at).select_related("provider", "story")
    if article := articles.filter(slug=stem).first():
        return as_json(_items([article])[0])
    found = addresses.find(stem, at)
    if found.lead is not None:
        return redirect("public:api-news-under", found.lead.slug)
    if found.was_public:
        raise Gone("This was published once and no longer is.")
    raise Http404("No topic and no article has this address.")


def _page(published: ArticleQuerySet, page: int) -> dict[str, Any]:
    """One page; the first is there even when it is empty. Raises Http404 for one past the last."""
    start = (page - 1) * PAGE_SIZE
    found = _slice(published, start, start + PAGE_SIZE + 1)
    if not found and page > 1:
        raise Http404("There is no such page.")
    next_page = page + 1 if len(found) > PAGE_SIZE else None
    return {"page": page, "value": _items(found[:PAGE_SIZE]), "nextPage": next_page}


def _slice(published: ArticleQuerySet, start: int, stop: int) -> list[Article]:
    """Newest first, ties by file name; those that name no time come last.

    Those are asked for apart: databases differ in where they put what has no value.
    """
    file_name = Concat("slug", Value(".md"))
    rows = published.select_related("provider", "story").defer("provider__images", "warnings")
    dated = rows.filter(published_at__isnull=False)
    found = list(dated.order_by("-published_at", file_name)[start:stop])
    missing = stop - start - len(found)
    if missing:
        skip = 0 if found else max(0, start - dated.count())
        undated = rows.filter(published_at__isnull=True).order_by(file_name)
        found += undated[skip : skip + missing]
    return found


def _items(articles: Sequence[Article]) -> list[Item]:
    names: dict[int, list[str]] = defaultdict(list)
    places = ArticleTopic.objects.filter(article__in=articles).order_by("article_id", "position")
    for article, name in places.values_list("article_id", "topic__name"):
        names[article].append(name)
    return [item(article, names[article.pk]) for article in articles]
