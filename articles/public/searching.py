"""The search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..models import Article
from ..search import MOST, BadQuestionError, Matches, Term, find, topics_of
from . import clock
from .entries import Subject, beside
from .excerpts import short_excerpt
from .highlights import highlight
from .leads import Lead
from .links import address
from .listing import PAGE_SIZE, by_ids
from .paging import here
from .pictures import Shown
from .questions import NAMES, Question, question
from .responses import for_readers

FACETS = 12
"""Topics and providers that are offered to narrow a search."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found, its words marked."""

    article: Lead
    address: str
    topics: list[Subject]
    title: SafeString
    excerpt: SafeString
    picture: Shown | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic or provider by which a search may be narrowed, and how many matches it has."""

    name: str
    count: int
    query: str


@for_readers
def search(request: HttpRequest) -> HttpResponse:
    """Published stories that have all the words, best first; at most six queries."""
    typed = {name: request.GET.get(name, "") for name in NAMES}
    context: dict[str, Any] = {"typed": typed, "canonical": here(request)}
    at = clock.of(request).at
    try:
        asked = question(request.GET, at)
        page = _page(request.GET.get("page", ""))
        if asked is not None:
            context |= _answer(request, asked, find(asked.rows, asked.terms, asked.names), page, at)
    except BadQuestionError as error:
        context["problem"] = str(error)
        return render(request, "public/search.html", context, status=400)
    return render(request, "public/search.html", context)


def _answer(
    request: HttpRequest, asked: Question, matches: Matches, page: int, at: datetime
) -> dict[str, Any]:
    ids = matches.ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    this_page = {"page": str(page)} if page > 1 else {}
    is_last = page * PAGE_SIZE >= len(matches.ids)
    return {
        "asked": asked,
        "hits": _hits(ids, asked.terms, at),
        "total": f"{MOST:,}+" if matches.is_more else str(len(matches.ids)),
        "is_one": len(matches.ids) == 1,
        "page": page,
        "topics": [] if asked.topic else _topics(asked, matches),
        "providers": [] if asked.provider else _providers(asked, matches),
        "without_topic": asked.query(topic=""),
        "without_provider": asked.query(provider=""),
        "canonical": here(request, asked.query(**this_page)),
        "next": "" if is_last else f"?{asked.query(page=str(page + 1))}",
        "previous": f"?{asked.query(page=str(page - 1) if page > 2 else '')}" if page > 1 else "",
    }


def _page(text: str) -> int:
    last = MOST // PAGE_SIZE
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= last):
        raise BadQuestionError(
            _("Pages of results have numbers from 1 to %(last)d.") % {"last": last}
        )
    return int(text)


def _hits(ids: Sequence[int], terms: Sequence[Term], at: datetime) -> list[Hit]:
    articles = by_ids(Article.objects.published(at), ids)
    topics, pictures = beside(articles)
    return [
        Hit(
            article,
            address(article),
            topics[article.pk],
            highlight(article.title, terms),
            highlight(short_excerpt(article), terms),
            pictures.get(article.pk),
        )
        for article in articles
    ]


def _topics(asked: Question, matches: Matches) -> list[Choice]:
    return [
        Choice(name, count, asked.query(topic=slug))
        for slug, name, count in topics_of(matches.ids, FACETS)
    ]


def _providers(asked: Question, matches: Matches) -> list[Choice]:
    return [
        Choice(name, count, asked.query(provider=domain))
        for (domain, name), count in matches.providers.most_common(FACETS)
    ]
