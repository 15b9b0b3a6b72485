"""Topics and providers as readers may know them: by what is public, never by a draft's file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, TextField

from providers.models import Policy, Provider

from ..models import Article, ArticleQuerySet, ArticleTopic, Falling, Topic
from .leads import lead_of
from .listing import Order, Source, by_publication, latest
from .prepared import Given, Prepared

RECENT = timedelta(days=30)
"""How far back the tables of topics and providers count."""

MOST_COUNTED = 500
BUSY = 2000


@dataclass(slots=True)
class Branch:
    """A topic in the tree; `stories` counts those that went live in RECENT."""

    topic: Topic
    stories: int = 0
    children: list[Branch] = field(default_factory=list)


class Heading(NamedTuple):
    """A topic as far as pages show it."""

    pk: int
    slug: str
    name: str
    parent_id: int | None


class House(NamedTuple):
    """A provider as far as its own pages show it."""

    pk: int
    domain: str
    name: str
    logo: str
    description: str
    stem: str


def readable_topics(at: datetime | Given) -> QuerySet[Topic]:
    """Topics that have a file or a published story.

    One that only an unpublished article's file names would tell readers of that article.
    """
    story = Article.objects.published(at).filter(pk=OuterRef("article"))
    places = ArticleTopic.objects.filter(Exists(story), topic=OuterRef("pk"), is_published=True)
    return Topic.objects.filter(Q(stem__gt="") | Exists(places))


def readable_providers(at: datetime | Given) -> QuerySet[Provider]:
    """Providers that have a file or that readers can meet, by the same reason."""
    own = {"provider": OuterRef("pk")}
    leads = Exists(Article.objects.published(at).filter(**own))
    joins = Exists(Article.objects.coverage(at).filter(**own))
    return _open_ones().filter(Q(stem__gt="") | leads | joins)


def house(domain: str) -> House | None:
    """The provider of that domain, unless nothing of it is public; whether readers may know it is
    not said. One query."""
    return next((House._make(row) for row in _HOUSE.rows(domain=domain)), None)


def is_readable(provider: House, at: datetime) -> bool:
    """Whether readers may know this provider; one query."""
    return bool(_READABLE.rows(provider=provider.pk, at=at))


def topic_tree(at: datetime) -> list[Branch]:
    """The readable topics as a tree, two queries; one without a readable parent is at the top."""
    recent = Article.objects.published(at).filter(go_live_at__gt=at - RECENT).values("pk")
    counts = dict(
        ArticleTopic.objects.filter(article__in=recent)
        .values_list("topic")
        .annotate(Count("pk"))
        .order_by()
    )
    branches = {topic.pk: Branch(topic, counts.get(topic.pk, 0)) for topic in readable_topics(at)}
    roots: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.topic.parent_id or 0)
        (parent.children if parent else roots).append(branch)
    return roots


@dataclass(frozen=True, slots=True)
class Family:
    """A readable topic beside its readable parent and children."""

    topic: Heading
    parent: Heading | None
    children: Sequence[Heading]
    is_busy: bool = False
    """More than BUSY published articles have the topic: lists walk an index instead of sorting."""


def family(slug: str, at: datetime) -> Family | None:
    """The family of the topic of that slug; None when readers may not know it. One query."""
    rows = _FAMILY.rows(slug=slug, at=at)
    topics = {row[0]: Heading._make(row[:-1]) for row in rows}
    topic = next((row for row in topics.values() if row.slug == slug), None)
    if topic is None:
        return None
    children = [row for row in topics.values() if row.parent_id == topic.pk]
    is_busy = any(row[-1] for row in rows if row[0] == topic.pk)
    return Family(topic, topics.get(topic.parent_id or 0), children, is_busy=is_busy)


def no_topics(slugs: Iterable[str], at: datetime) -> None:
    """Say ahead for `family` which of these are no topic's; only within `sharing`."""
    topics = set(Topic.objects.values_list("slug", flat=True))
    for slug in slugs:
        if slug not in topics:
            _FAMILY.know([], slug=slug, at=at)


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider, how many stories it leads, and how many others it reports."""

    provider: House
    led: int
    joined: int

    @property
    def are_more_led(self) -> bool:
        """`led` is as far as anybody counted."""
        return self.led >= MOST_COUNTED

    @property
    def are_more_joined(self) -> bool:
        return self.joined >= MOST_COUNTED


def standings(at: datetime) -> list[Standing]:
    """Every provider that readers can meet, those busiest in RECENT first; three queries."""
    led: Counter[int] = Counter()
    joined: Counter[int] = Counter()
    recent = {"published_at__gt": at - RECENT, "published_at__lte": at}
    for counts, rows in (
        (led, Article.objects.published(at).filter(**recent)),
        (joined, Article.objects.coverage(at).filter(**recent)),
    ):
        counts.update(_count(rows))
    own = {"provider": OuterRef("pk")}
    is_met = Exists(Article.objects.published(at).filter(**own)) | Exists(
        Article.objects.coverage(at).filter(**own)
    )
    met = _open_ones().filter(is_met)
    providers = map(House._make, met.values_list(*House._fields))
    found = [Standing(row, led[row.pk], joined[row.pk]) for row in providers]
    return sorted(found, key=lambda row: (-row.led, -row.joined, row.provider.name))


def standing(domain: str, at: datetime) -> Standing | None:
    """One provider by its domain; None when readers cannot meet it. Three queries."""
    provider = house(domain)
    if provider is None:
        return None
    led, joined = (len(query.rows(provider=provider.pk, at=at)) for query in (_LED, _JOINED))
    return Standing(provider, led, joined) if led or joined or provider.stem else None


def read_ahead(at: datetime, most: int, newest: int) -> None:
    """Read at once what the page and the feeds of each provider ask for (feeds so many of the
    `newest` stories), but for lists of more than `most`; only within `sharing`."""
    readable = set(readable_providers(at).values_list("pk", flat=True))
    counts = {
        _LED: _count(Article.objects.published(at)),
        _JOINED: _count(Article.objects.coverage(at)),
    }
    led = Source(Article.objects.published, {"at": at})
    joined = Source(Article.objects.coverage, {"at": at})
    lists = [
        (latest, _led_by, newest, _of_each(latest, led, most)),
        (by_publication, _led_by, 0, _of_each(by_publication, led, most)),
        (by_publication, _joined_by, 0, _of_each(by_publication, joined, most)),
    ]
    for one in _open_ones().values_list(*House._fields):
        provider = House._make(one)
        own = {"at": at, "provider": provider.pk}
        _HOUSE.know([one], domain=provider.domain)
        _READABLE.know([(provider.pk,)] if provider.pk in readable else [], **own)
        for query, count in counts.items():
            # Whoever asks looks only how many there are.
            query.know([one] * min(count.get(provider.pk, 0), MOST_COUNTED), **own)
        for order, build, many, found in lists:
            if found is not None:
                order.know(Source(build, own), found[provider.domain], many)


def _count(rows: ArticleQuerySet) -> dict[int, int]:
    """How many of them each provider has."""
    return dict(rows.values_list("provider").annotate(Count("pk")).order_by())


def _of_each(order: Order, articles: Source, most: int) -> dict[str, list[Sequence[Any]]] | None:
    """The rows of each provider, by its domain; None where all together are more than `most`."""
    rows = order.rows_of(articles, most)
    if rows is None:
        return None
    found: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        found[lead_of(row).provider.domain].append(row)
    return found


def stories_of(family: Family, at: datetime) -> Source:
    """The published stories of a topic, in the form in which databases list them fastest."""
    build = _of_a_busy_topic if family.is_busy else _of_a_topic
    return Source(build, {"at": at, "topic": family.topic.pk})


def stories_led_by(provider: Provider | House, at: datetime) -> Source:
    """The published stories that a provider leads."""
    return Source(_led_by, {"at": at, "provider": provider.pk})


def reports_of(provider: Provider | House, at: datetime) -> tuple[Source, Source]:
    """What readers may see of a provider: the stories it leads and its reports of others."""
    led = stories_led_by(provider, at)
    return led, Source(_joined_by, led.values)


def _of_a_topic(at: Given, topic: Given) -> ArticleQuerySet:
    places = ArticleTopic.objects.filter(topic=topic, is_published=True)
    return Article.objects.published(at).filter(pk__in=places.values("article"))


def _of_a_busy_topic(at: Given, topic: Given) -> ArticleQuerySet:
    own = ArticleTopic.objects.filter(article=OuterRef("pk"), topic=topic, is_published=True)
    return Article.objects.published(at).filter(Exists(own))


def _led_by(at: Given, provider: Given) -> ArticleQuerySet:
    return Article.objects.published(at).filter(provider=provider)


def _joined_by(at: Given, provider: Given) -> ArticleQuerySet:
    return Article.objects.coverage(at).filter(provider=provider)


def _family() -> QuerySet[Topic, Any]:
    slug, at = Given("slug", TextField()), Given("at")
    parent = Topic.objects.filter(slug=slug).values("parent")
    rows = readable_topics(at).filter(Q(slug=slug) | Q(parent__slug=slug) | Q(pk__in=parent))
    places = ArticleTopic.objects.filter(topic=OuterRef("pk"), is_published=True)
    beyond = Exists(places[BUSY : BUSY + 1])
    return rows.annotate(is_busy=beyond).values_list(*Heading._fields, "is_busy")


def _open_ones() -> QuerySet[Provider]:
    return Provider.objects.exclude(policy=Policy.BLOCKED)


def _house() -> QuerySet[Provider, Any]:
    rows = _open_ones()
    return rows.filter(domain=Given("domain", TextField())).values_list(*House._fields)


def _readable() -> QuerySet[Provider, Any]:
    rows = readable_providers(Given("at"))
    return rows.filter(pk=Given("provider", BigIntegerField())).values_list("pk")


def _counted(rows: ArticleQuerySet, order: Any) -> QuerySet[Article, Any]:
    """As many as there are, as far as MOST_COUNTED: readers of a busy provider wait no longer."""
    # In the order of an index, or PostgreSQL would look up all of them before it counts a few.
    return rows.order_by(order).values_list("pk")[:MOST_COUNTED]


_PROVIDER = Given("provider", BigIntegerField())
_FAMILY, _HOUSE, _READABLE = Prepared(_family), Prepared(_house), Prepared(_readable)
# Of these there is an index without all that it does not lead; of the others there is none.
_LED = Prepared(lambda: _counted(_led_by(Given("at"), _PROVIDER), "-go_live_at"))
_JOINED = Prepared(lambda: _counted(_joined_by(Given("at"), _PROVIDER), Falling("published_at")))
