"""Stories as lists show them: the lead, its topics, its coverage, the address of its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from providers.models import Provider

from ..models import ArticleTopic
from .coverage import Coverage, coverage
from .leads import Publisher, Readable
from .links import address
from .prepared import GivenIds, Prepared

LINES_IN_LISTS = 8
"""How many reports unfold under a story in a list; its own page has them all."""


class Subject(NamedTuple):
    """What readers see of a topic."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published story. `article` is its lead, with provider and story loaded."""

    article: Readable
    address: str
    topics: list[Subject]
    coverage: Coverage


def entries(
    leads: Sequence[Readable], at: datetime, lines: int | None = LINES_IN_LISTS
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


def providers_of(found: Iterable[Entry]) -> list[tuple[Provider | Publisher, int]]:
    """The providers that lead these entries and how many each, most frequent first."""
    providers = {entry.article.provider.domain: entry.article.provider for entry in found}
    counts = Counter(entry.article.provider.domain for entry in found)
    named = [(providers[domain], count) for domain, count in counts.items()]
    return sorted(named, key=lambda pair: (-pair[1], pair[0].name))


def topics_by_article(leads: Sequence[Readable]) -> dict[int, list[Subject]]:
    """The topics of each of these articles, by its id and in its order; one query."""
    found: dict[int, list[Subject]] = defaultdict(list)
    for article, name, slug in _TOPICS.rows(articles=[lead.pk for lead in leads]):
        found[article].append(Subject(name, slug))
    return found


def _topics() -> QuerySet[ArticleTopic, Any]:
    places = ArticleTopic.objects.filter(article__in=GivenIds("articles"))
    rows = places.order_by("article_id", "position")
    return rows.values_list("article_id", "topic__name", "topic__slug")


_TOPICS = Prepared(_topics)
