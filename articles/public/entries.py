"""Stories as lists show them: the lead, its topics, its coverage, the address of its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from providers.models import Provider

from ..models import Article, ArticleTopic
from .coverage import Coverage, coverage
from .links import address

LINES_IN_LISTS = 8
"""How many reports unfold under a story in a list; its own page has them all."""


class Subject(NamedTuple):
    """What readers see of a topic."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published story. `article` is its lead, with provider and story loaded."""

    article: Article
    address: str
    topics: list[Subject]
    coverage: Coverage


def entries(
    leads: Sequence[Article], at: datetime, lines: int | None = LINES_IN_LISTS
) -> list[Entry]:
    """Entries of these published leads, in their order; two or three queries for any number."""
    reports = coverage(leads, at, lines)
    topics = topics_by_article(leads)
    return [
        Entry(lead, address(lead), topics[lead.pk], reports.get(lead.story_id) or Coverage())
        for lead in leads
    ]


def topics_of(found: Iterable[Entry]) -> list[tuple[Subject, int]]:
    """The topics of these entries and how many have each, most frequent first."""
    counts = Counter(topic for entry in found for topic in entry.topics)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))


def providers_of(found: Iterable[Entry]) -> list[tuple[Provider, int]]:
    """The providers that lead these entries and how many each, most frequent first."""
    counts = Counter(entry.article.provider for entry in found)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))


def topics_by_article(leads: Sequence[Article]) -> dict[int, list[Subject]]:
    """The topics of each of these articles, by its id and in its order; one query."""
    found: dict[int, list[Subject]] = defaultdict(list)
    places = ArticleTopic.objects.filter(article__in=[lead.pk for lead in leads])
    rows = places.order_by("article_id", "position")
    for article, name, slug in rows.values_list("article_id", "topic__name", "topic__slug"):
        found[article].append(Subject(name, slug))
    return found
