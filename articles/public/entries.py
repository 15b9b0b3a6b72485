"""Stories as lists show them: the lead, its topics, its coverage, the address of its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db.models import QuerySet, Value

from providers.models import Provider

from ..models import ArticleTopic
from .coverage import Coverage, coverage
from .leads import Publisher, Readable
from .links import addresses
from .pictures import COLUMNS, Shown, kept, shown, wanted
from .prepared import GivenIds, Prepared
from .sharing import made

LINES_IN_LISTS = 8
"""How many reports unfold under a story in a list; its own page has them all."""


class Subject(NamedTuple):
    """What readers see of a topic."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published story. `article` is its lead, with provider and story loaded; `pieces` are what
    was put together of it for one page and serves the next as well."""

    article: Readable
    address: str
    topics: list[Subject]
    coverage: Coverage
    picture: Shown | None = None
    pieces: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def entries(
    leads: Sequence[Readable], at: datetime, lines: int | None = LINES_IN_LISTS
) -> list[Entry]:
    """Entries of these published leads, in their order; two or three queries for any number."""
    shared = made()
    if shared is None:
        return _entries(leads, at, lines)
    keys = {lead.pk: (Entry, lead.pk, lines) for lead in leads}
    # Taken out first: whatever is asked for new ones may find that there are too many.
    found = {pk: shared[key] for pk, key in keys.items() if key in shared}
    new = _entries([lead for lead in leads if lead.pk not in found], at, lines)
    found |= {one.article.pk: one for one in new}
    shared.update({keys[pk]: one for pk, one in found.items()})
    return [found[lead.pk] for lead in leads]


def _entries(leads: Sequence[Readable], at: datetime, lines: int | None) -> list[Entry]:
    if not leads:
        return []
    reports = coverage(leads, at, lines)
    topics, pictures = beside(leads)
    return [
        Entry(lead, address, topics[lead.pk], reports[lead.story_id], pictures.get(lead.pk))
        for lead, address in zip(leads, addresses(leads), strict=True)
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


class Numbered(Protocol):
    """An article, as far as its id tells it apart."""

    @property
    def pk(self) -> int: ...


def topics_by_article(leads: Sequence[Numbered]) -> dict[int, list[Subject]]:
    """The topics of each of these articles, by its id and in its order; one query."""
    return _by_article(_TOPICS.rows(articles=[lead.pk for lead in leads]))


def read_topics_ahead(articles: Sequence[int]) -> None:
    """Read the topics of all of these at once for `topics_by_article`, which asks for each alone;
    only within `sharing`."""
    found: dict[int, list[Any]] = {article: [] for article in articles}
    for row in _TOPICS.rows(articles=list(articles)):
        found[row[0]].append(row)
    for pk, rows in found.items():
        _TOPICS.know(rows, articles=[pk])


def beside(leads: Sequence[Readable]) -> tuple[dict[int, list[Subject]], dict[int, Shown]]:
    """The topics and the picture of each of these articles, by its id; one query for both."""
    rows = _BESIDE.rows(**wanted(leads))
    topics = [(row[1], row[4], row[2], row[3]) for row in rows if row[0] == _TOPIC]
    pictures = [row[1:] for row in rows if row[0] != _TOPIC]
    return _by_article(topics), shown(leads, pictures)


def _by_article(rows: Iterable[Any]) -> dict[int, list[Subject]]:
    """Rows of (article, position, name, slug)."""
    found: dict[int, list[Subject]] = defaultdict(list)
    for article, _, name, slug in sorted(rows):
        found[article].append(Subject(name, slug))
    return found


def _topics() -> QuerySet[ArticleTopic, Any]:
    places = ArticleTopic.objects.filter(article__in=GivenIds("articles")).order_by()
    return places.values_list("article_id", "position", "topic__name", "topic__slug")


_TOPIC, _PICTURE = 0, 1


def _rows_beside() -> QuerySet[Any, Any]:
    """Two kinds of rows in the columns of `pictures.COLUMNS`, behind a number that says which."""
    numbers, texts = ("none", "nothing"), ("stamp", "alt", "attribution")
    topics = (
        _topics()
        .annotate(
            row=Value(_TOPIC),
            **{name: Value(0) for name in numbers},
            **{name: Value("") for name in texts},
        )
        .values_list(
            *("row", "article_id", "topic__name", "topic__slug", "position"), *numbers, *texts
        )
    )
    pictures = kept().annotate(row=Value(_PICTURE)).values_list("row", *COLUMNS)
    return topics.union(pictures, all=True)


_TOPICS = Prepared(_topics)
_BESIDE = Prepared(_rows_beside)
