"""The addresses of `/api/v1/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ....models import Article, Topic
from ....models.changes import KEPT_DAYS
from ....search import BadQuestionError, find
from ... import addresses, changes, clock, directory, frontpage, listing, questions
from ...entries import entries
from ...links import absolute
from ...listing import PAGE_SIZE, BadCursorError, Listing
from ..answers import Gone, Unclear, as_json, for_programs
from . import things
from .openapi import document

NAMES = 500
"""Topics or providers a page."""

_ORDERS = ("ranked", "latest")


@for_programs
def openapi(_request: HttpRequest) -> HttpResponse:
    """This API, described (OpenAPI 3.1)."""
    return as_json(document())


@for_programs
def stories(request: HttpRequest) -> HttpResponse:
    """The published stories, ranked or by going live; of one topic or led by one provider."""
    asked = _parameters(request, ("order", "topic", "provider", "after"))
    order = asked.get("order", "ranked")
    if order not in _ORDERS:
        raise Unclear(f"order is one of {', '.join(_ORDERS)}.")
    now = clock.of(request)
    at = now.at
    rows = Article.objects.published(at)
    if slug := asked.get("topic"):
        rows = rows.filter(topics__slug=slug)
    if domain := asked.get("provider"):
        rows = rows.filter(provider__domain=domain)
    is_placed = now.is_placed

    def page(cursor: str) -> Listing:
        if order == "latest":
            return listing.latest.page(rows, cursor)
        if slug or domain:
            return frontpage.by_rank(listing.ranked, rows, at, cursor, is_placed=is_placed)
        return frontpage.front(at, cursor, is_placed=is_placed)

    leads, after = _page(page, asked.get("after", ""))
    if not leads:
        _complain_of_unknown(slug, domain, at)
    following = _next("v1-stories", asked | {"after": after}) if after else None
    return as_json(things.page_of([things.story(entry) for entry in entries(leads, at)], following))


@for_programs
def story(request: HttpRequest, stem: str) -> HttpResponse:
    """One story with all its coverage, at the stem of its page; others lead there."""
    at = clock.of(request).at
    found = addresses.find(stem, at)
    if found.lead is not None and found.is_here:
        [entry] = entries([found.lead], at, lines=None)
        return as_json(things.story(entry))
    if found.lead is not None:
        return redirect(
            "public:v1-story",
            found.lead.story.slug or found.lead.slug,
            permanent=found.is_renamed,
        )
    if found.was_public:
        raise Gone("This story was public once and no longer is.")
    raise Http404("There is no story of this id.")


@for_programs
def search(request: HttpRequest) -> HttpResponse:
    """Stories that have all the words, best first."""
    given = _parameters(request, (*questions.NAMES, "page"))
    at = clock.of(request).at
    try:
        asked = questions.question(given, at)
    except BadQuestionError as error:
        raise Unclear(str(error)) from None
    if asked is None:
        raise Unclear(f"Say what to look for: {', '.join(questions.NAMES)}.")
    page = _number(given.get("page", "1"))
    matches = find(asked.rows, asked.terms, asked.names)
    ids = matches.ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    is_last = page * PAGE_SIZE >= len(matches.ids)
    following = None if is_last else _next("v1-search", asked.given | {"page": str(page + 1)})
    leads = listing.by_ids(Article.objects.published(at), ids)
    found = [things.story(entry) for entry in entries(leads, at)]
    total = {"total": len(matches.ids), "is_more": matches.is_more}
    return as_json(things.page_of(found, following) | total)


@for_programs
def topics(request: HttpRequest) -> HttpResponse:
    """The subjects, by id."""
    after = _parameters(request, ("after",)).get("after", "")
    readable = directory.readable_topics(clock.of(request).at)
    rows = list(readable.filter(slug__gt=after).order_by("slug")[: NAMES + 1])
    parents = _parents(readable, rows[:NAMES])
    items = [things.topic(row, parents.get(row.parent_id)) for row in rows[:NAMES]]
    return as_json(things.page_of(items, _more("v1-topics", [row.slug for row in rows])))


@for_programs
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One subject."""
    family = directory.family(slug, clock.of(request).at)
    if family is None:
        raise Http404("There is no topic of this id.")
    return as_json(things.topic(family.topic, family.parent))


@for_programs
def providers(request: HttpRequest) -> HttpResponse:
    """The publishers that readers can meet, by domain."""
    after = _parameters(request, ("after",)).get("after", "")
    readable = directory.readable_providers(clock.of(request).at)
    rows = list(readable.filter(domain__gt=after).order_by("domain")[: NAMES + 1])
    items = [things.provider(row) for row in rows[:NAMES]]
    return as_json(things.page_of(items, _more("v1-providers", [row.domain for row in rows])))


@for_programs
def provider(request: HttpRequest, domain: str) -> HttpResponse:
    """One publisher."""
    readable = directory.readable_providers(clock.of(request).at)
    row = readable.filter(domain=domain).first()
    if row is None:
        raise Http404("There is no provider of this id.")
    return as_json(things.provider(row))


@for_programs
def changed(request: HttpRequest) -> HttpResponse:
    """The stories that came, changed and went since a time or an earlier answer; no text."""
    text = _parameters(request, ("since",)).get("since", "")
    at = clock.of(request).at
    try:
        found = (
            changes.since(changes.parse(text, at), at)
            if text
            else changes.Changes([], changes.now(at), is_more=False)
        )
    except changes.BadCursor:
        raise Unclear("since is a time like 2024-05-06T12:00:00Z, or as next gives it.") from None
    except changes.TooOld:
        raise Gone(f"Changes are kept for {KEPT_DAYS} days; read the stories anew.") from None
    following = _next("v1-changes", {"since": str(found.after)})
    items = [things.event(event) for event in found.events]
    return as_json(things.page_of(items, following) | {"is_more": found.is_more})


def _parameters(request: HttpRequest, known: Iterable[str]) -> dict[str, str]:
    """What was asked, of what can be; raises Unclear for anything else."""
    known = list(known)
    asked: dict[str, str] = request.GET.dict()
    for name, value in asked.items():
        if name not in known:
            raise Unclear(f"{name} is not known here; {', '.join(known)} are.")
        if "\0" in value:
            raise Unclear(f"{name} has a character that nothing here has.")
    return {name: value for name, value in asked.items() if value}


def _complain_of_unknown(slug: str | None, domain: str | None, at: datetime) -> None:
    """Nobody should take a mistyped name for one without stories; raises Unclear."""
    if slug and not directory.readable_topics(at).filter(slug=slug).exists():
        raise Unclear("There is no topic of this id.")
    if domain and not directory.readable_providers(at).filter(domain=domain).exists():
        raise Unclear("There is no provider of this id.")


def _page(page: Callable[[str], Listing], cursor: str) -> Listing:
    try:
        return page(cursor)
    except BadCursorError:
        raise Unclear("after is no cursor of this list; leave it out to begin anew.") from None


def _number(text: str) -> int:
    """The number of a page of search results; raises Unclear."""
    if not re.fullmatch("[1-9][0-9]{0,4}", text):
        raise Unclear("page is a number from 1.")
    return int(text)


def _parents(readable: Any, rows: list[Topic]) -> dict[int | None, Topic]:
    return {row.pk: row for row in readable.filter(pk__in={row.parent_id for row in rows})}


def _more(name: str, keys: list[str]) -> str | None:
    return _next(name, {"after": keys[NAMES - 1]}) if len(keys) > NAMES else None


def _next(name: str, query: dict[str, str]) -> str:
    return absolute(reverse(f"public:{name}", query=query))
