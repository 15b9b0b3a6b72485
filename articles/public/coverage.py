"""Who else reports a story: its other articles that readers may see, and its related items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Count, F, IntegerField, QuerySet, Value, Window
from django.db.models.functions import Coalesce, NullIf, RowNumber

from providers.domains import normalise, of_link

from ..models import Article, RelatedItem, of_blocked_providers
from .leads import Readable
from .pictures import logo, logo_of
from .prepared import AsKept, Given, GivenIds, Prepared

_FEW = 500
"""So many members are sooner read than cut off by the database."""

NAMED_PROVIDERS = 3
"""How many providers the quiet line names."""


class Line(NamedTuple):
    """One report of a story as readers meet it: nothing but title, provider, time and link."""

    title: str
    link: str
    provider: str
    domain: str
    at: datetime | None
    quality: int
    type: str = ""
    logo: str = ""


@dataclass(slots=True)
class Coverage:
    """The reports of one story beside its lead's, best first; `total` counts unlisted ones too."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0

    @property
    def providers(self) -> list[str]:
        """The first few providers, each named once."""
        return list(dict.fromkeys(line.provider for line in self.lines))[:NAMED_PROVIDERS]

    @property
    def more(self) -> int:
        """How many reports the quiet line does not name."""
        return self.total - len(self.providers)

    @property
    def unlisted(self) -> int:
        return self.total - len(self.lines)

    def by_time(self) -> Coverage:
        """The same by time, newest first, those without one last."""
        lines = sorted(self.lines, key=_time_of, reverse=True)
        return Coverage(lines, self.total)

    def add(self, lines: Sequence[Line], limit: int | None) -> None:
        """Take related items in among the articles, by quality; at most `limit` stay listed."""
        self.total += len(lines)
        self.lines = sorted([*self.lines, *lines], key=lambda line: -line.quality)[:limit]


def _time_of(line: Line) -> float:
    return line.at.timestamp() if line.at else 0.0


def coverage(leads: Sequence[Readable], at: datetime, limit: int | None) -> dict[int, Coverage]:
    """The coverage of these published leads by story id, at most `limit` lines a story.

    One query, and one more when any of the stories has related items.
    """
    found: dict[int, Coverage] = defaultdict(Coverage)
    claiming = {lead.pk: lead.story_id for lead in leads if lead.story.related_count}
    claimed = set(claiming.values())
    for story, rows in groupby(_members(leads, at, limit), key=itemgetter(0)):
        members = list(rows)
        listed = members[:limit]
        found[story] = Coverage([_line(row[3:]) for row in listed], members[0][2] or len(members))
        if story in claimed:
            claiming.update((row[1], story) for row in listed)
    for story, lines in _related_lines(claiming).items():
        found[story].add(lines, limit)
    return found


def line_of(article: Readable) -> Line:
    """An article as a line of coverage; its provider is loaded with it."""
    return Line(
        title=article.title,
        link=article.link,
        provider=article.provider.name,
        domain=article.provider.domain,
        at=article.published_at,
        quality=article.quality or 0,
        type=article.type or "",
        logo=logo(article.provider),
    )


_LINE = (
    "title",
    Coalesce(NullIf("web_url", Value("")), "original_url", Value("")),
    *("provider__name", "provider__domain", AsKept("published_at"), Coalesce("quality", 0)),
    *(Coalesce("type", Value("")), "provider__logo"),
)
"""The fields of a `Line`; whole articles would cost more than the page around."""
_MEMBER = ("story_id", "pk", "reports", *_LINE)
"""`reports` are those of its story, 0 where nobody counted."""


def _members(leads: Sequence[Readable], at: datetime, limit: int | None) -> Iterable[Sequence[Any]]:
    """The shown members of these stories (_MEMBER), story by story, best first; of many, only as
    far as they are listed."""
    are_many = sum(lead.story.member_count for lead in leads) > _FEW
    found = _BEST if limit and are_many else _ALL
    stories = [lead.story_id for lead in leads]
    return found.rows(at=at, stories=stories, limit=limit)


def _shown() -> Any:
    return Article.objects.coverage_of(GivenIds("stories"), Given("at"))


def _all() -> QuerySet[Any, Any]:
    rows = _shown().annotate(reports=Value(0)).order_by("story_id", *_BEST_FIRST)
    return rows.values_list(*_MEMBER)


def _best() -> QuerySet[Any, Any]:
    rows = _shown().annotate(
        place=Window(RowNumber(), partition_by=F("story_id"), order_by=_BEST_FIRST),
        reports=Window(Count("pk"), partition_by=F("story_id")),
    )
    listed = rows.filter(place__lte=Given("limit", IntegerField())).order_by("story_id", "place")
    return listed.values_list(*_MEMBER)


_BEST_FIRST = [F("quality").desc(nulls_last=True), F("slug").asc()]
_ALL, _BEST = Prepared(_all), Prepared(_best)


def _line(row: Sequence[Any]) -> Line:
    line = Line._make(row)
    return line._replace(logo=logo_of(line.logo)) if line.logo else line


def _related_lines(story_of: dict[int, int]) -> dict[int, list[Line]]:
    """The related items that these articles' files claim, by the story of the article."""
    if not story_of:
        return {}
    items = RelatedItem.objects.filter(~of_blocked_providers(), hidden_at__isnull=True)
    # No foreign key leads from claims to items: files name them in any order.
    claimed = items.defer("excerpt", "images").extra(
        select={"claimed_by": "articles_claim.article_id"},
        tables=["articles_claim"],
        where=[
            "articles_claim.identity = articles_relateditem.identity",
            "articles_claim.title_hash = articles_relateditem.title_hash",
            f"articles_claim.article_id IN ({', '.join(['%s'] * len(story_of))})",
        ],
        params=list(story_of),
    )
    named: dict[int, dict[int, Line]] = defaultdict(dict)
    for item in claimed:
        named[story_of[vars(item)["claimed_by"]]][item.pk] = _line_of_item(item)
    return {story: list(lines.values()) for story, lines in named.items()}


def _line_of_item(item: RelatedItem) -> Line:
    domain = normalise(item.provider_domain) or of_link(item.link)
    return Line(
        title=item.title,
        link=item.link,
        provider=item.provider_name or domain,
        domain=domain,
        at=item.published_at,
        quality=item.quality or 0,
    )
