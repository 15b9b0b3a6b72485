"""The articles of other stories that some may belong with, and how rare words are in their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import exp
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from ..likeness import Piece, Rarity, Reading, read
from ..likeness.rarity import RECENT
from ..likeness.words import bare, terms
from ..models import Article, Falling, PairFact
from ..search import Sought, sharing, sharing_each
from .labelled import piece_of

WINDOW = timedelta(days=14)
ASKED = 12
"""Words that others are looked for by: the rarest of the headline, then of the excerpt."""
MATCHES = 500
"""Articles that a word is expected in at most: common ones are looked for on fewer days."""
COMPARED = 60
"""Articles whose texts are read: those that share the most rare words."""
SIBLINGS = 200
"""Members of its own story, which share more than any others, that stand in nobody's way."""
OF_LINK = 5
"""Articles of the same link that are read besides."""
TEXTS = ("slug", "title", "excerpt", "body", "published_at", "provider_domain")
LINKS = ("web_url", "original_url", "story")
KEPT = 2048
"""Texts that a process keeps taken apart: who goes through a queue meets the same ones again."""


@dataclass(slots=True)
class Surroundings:
    """How rare words are about a time, and how many articles a day has then; nothing before or
    after it where the time is None."""

    at: datetime | None
    rarity: Rarity = field(default_factory=Rarity)
    a_day: float = 0.0


def reading_of(article: Article) -> Reading:
    """A stored article taken apart."""
    return _reading(piece_of(article))


@lru_cache(KEPT)
def _reading(piece: Piece) -> Reading:
    return read(piece)


@lru_cache(KEPT)
def _headline(title: str) -> frozenset[str]:
    return frozenset(terms(bare(title)))


def surroundings(at: datetime | None, besides: Sequence[int] = ()) -> Surroundings:
    """What the last articles before that time tell, those of the ids apart; one query."""
    if at is None:
        return Surroundings(at)
    rows = _before(at, besides).values_list("published_at", "title")[:RECENT]
    return _told(at, [(time, title) for time, title in rows if time])


def _before(at: datetime, besides: Sequence[int]) -> QuerySet[Article]:
    """The articles of the time before, the newest first."""
    before = Article.objects.filter(published_at__lte=at, published_at__gte=at - WINDOW)
    return before.exclude(pk__in=besides).order_by(Falling("published_at"))


def _told(at: datetime | None, newest: Sequence[tuple[datetime, str]]) -> Surroundings:
    """What headlines tell, the newest first, each with its time."""
    found = Surroundings(at)
    for _, title in newest:
        found.rarity.count(_headline(title))
    times = [time for time, _ in newest]
    span = timedelta(days=WINDOW.days)
    if len(times) == RECENT:
        span = max(times) - min(times)
    found.a_day = len(times) / max(span.total_seconds() / 86_400, 0.001)
    return found


def candidates(
    asking: Sequence[Article], about: Surroundings, standing_for: QuerySet[Article] | None = None
) -> list[Article]:
    """The articles that share the most rare words with those asking, all of one story, and those
    with the same link; two queries.

    None of that story, nor of one that an editor kept any of them apart from, or of those that
    they stand for.
    """
    own = min(asking[0].story.member_count, SIBLINGS)
    alike = sharing(_sought(asking, about), COMPARED + own)
    those = (
        standing_for
        if standing_for is not None
        else Article.objects.filter(pk__in=[one.pk for one in asking])
    )
    apart = PairFact.objects.filter(is_together=False)
    others = (
        Article.objects.exclude(story=asking[0].story_id)
        .exclude(story__in=apart.filter(second__in=those.values("pk")).values("first__story"))
        .exclude(story__in=apart.filter(first__in=those.values("pk")).values("second__story"))
    )
    links = [article.link_hash for article in asking]
    found = others.filter(Q(pk__in=alike) | Q(link_hash__in=links)).only(*TEXTS, *LINKS)
    place = {pk: at for at, pk in enumerate(alike)}
    rows = sorted(found[: COMPARED + own + OF_LINK], key=lambda row: place.get(row.pk, -1))
    return rows[: COMPARED + OF_LINK]


def surroundings_of(articles: Sequence[Article]) -> dict[int, Surroundings]:
    """What `surroundings` tells of each of these articles, by id; two queries."""
    before = _newest_before([one for one in articles if one.published_at])
    ids = {pk for found in before.values() for pk in found}
    rows = Article.objects.filter(pk__among=list(ids)).values_list("pk", "published_at", "title")
    known = {pk: (time, title) for pk, time, title in rows if time}
    found = {}
    for article in articles:
        near = sorted((known[pk] for pk in before[article.pk]), key=lambda one: one[0])
        found[article.pk] = _told(article.published_at, near[::-1])
    return found


def _newest_before(articles: Sequence[Article]) -> dict[int, list[int]]:
    """The ids of the last articles before each of these, itself apart; one query."""
    parts, parameters = list[str](), list[Any]()
    for article in articles:
        assert article.published_at
        newest = _before(article.published_at, [article.pk]).values("pk")[:RECENT]
        text, values = newest.query.sql_with_params()
        parts.append(f"SELECT %s, one.* FROM ({text}) AS one")
        parameters += [article.pk, *values]
    found: dict[int, list[int]] = defaultdict(list)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for asking, pk in cursor.fetchall():
                found[asking].append(pk)
    return found


def candidates_of(
    articles: Sequence[Article], about: Mapping[int, Surroundings]
) -> dict[int, list[Article]]:
    """The `candidates` of each of these articles by itself, by id; three queries."""
    most = {one.pk: COMPARED + min(one.story.member_count, SIBLINGS) for one in articles}
    alike = sharing_each(
        {one.pk: (_sought([one], about[one.pk]), most[one.pk]) for one in articles}
    )
    apart = _stories_apart(articles)
    ids = {pk for found in alike.values() for pk in found}
    links = {one.link_hash for one in articles}
    wanted = Q(pk__among=list(ids)) | Q(link_hash__among=list(links))
    rows = {row.pk: row for row in Article.objects.filter(wanted).only(*TEXTS, *LINKS, "link_hash")}
    by_link: dict[int, list[Article]] = defaultdict(list)
    for row in rows.values():
        by_link[row.link_hash].append(row)
    found = {}
    for one in articles:
        near = alike.get(one.pk, [])
        same = [row for row in by_link[one.link_hash] if row.pk not in near]
        others = [*same, *(rows[pk] for pk in near if pk in rows)]
        barred = {one.story_id, *apart[one.pk]}
        found[one.pk] = [row for row in others if row.story_id not in barred][: COMPARED + OF_LINK]
    return found


def _stories_apart(articles: Sequence[Article]) -> dict[int, set[int]]:
    """The stories that editors kept each of these articles apart from; one query."""
    ids = [one.pk for one in articles]
    facts = PairFact.objects.filter(is_together=False)
    pairs = facts.filter(Q(first__among=ids) | Q(second__among=ids))
    found: dict[int, set[int]] = defaultdict(set)
    columns = ("first_id", "second_id", "first__story_id", "second__story_id")
    for first, second, of_first, of_second in pairs.values_list(*columns):
        found[first].add(of_second)
        found[second].add(of_first)
    return found


def _sought(asking: Sequence[Article], about: Surroundings) -> list[Sought]:
    """The rarest words, and the days on which others may have them."""
    if about.at is None:
        return []
    readings = [reading_of(article) for article in asking]
    weights = {term: about.rarity.weight(term) for one in readings for term in one.text}
    titles = {term for one in readings for term in one.title}
    words = sorted(weights, key=lambda term: (term not in titles, -weights[term], term))
    today = about.at.astimezone(UTC).toordinal()
    return [
        Sought(term, weights[term] ** 2, _around(today, about.a_day * exp(-weights[term])))
        for term in words[:ASKED]
    ]


def _around(today: int, a_day: float) -> range:
    """As many days as a word that so many articles have every day may be looked for on."""
    days = min(WINDOW.days, int(MATCHES / max(a_day, 0.001) / 2))
    return range(today - days, today + days + 1)
