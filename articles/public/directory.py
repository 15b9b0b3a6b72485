"""Topics and providers as readers may know them: by what is public, never by a draft's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from providers.models import Policy, Provider

from ..models import Article, ArticleQuerySet, ArticleTopic, Topic
from .listing import Source
from .prepared import Given

RECENT = timedelta(days=30)
"""How far back the tables of topics and providers count."""

MOST_COUNTED = 1000
BUSY = 2000


@dataclass(slots=True)
class Branch:
    """A topic in the tree; `stories` counts those that went live in RECENT."""

    topic: Topic
    stories: int = 0
    children: list[Branch] = field(default_factory=list)


def readable_topics(at: datetime) -> QuerySet[Topic]:
    """Topics that have a file or a published story.

    One that only an unpublished article's file names would tell readers of that article.
    """
    stories = Article.objects.published(at).filter(topics=OuterRef("pk"))
    return Topic.objects.filter(Q(stem__gt="") | Exists(stories))


def readable_providers(at: datetime) -> QuerySet[Provider]:
    """Providers that have a file or that readers can meet, by the same reason."""
    met = Article.objects.shown(at).filter(provider=OuterRef("pk"))
    open_ones = Provider.objects.exclude(policy=Policy.BLOCKED)
    return open_ones.filter(Q(stem__gt="") | Exists(met))


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

    topic: Topic
    parent: Topic | None
    children: Sequence[Topic]
    is_busy: bool = False
    """More than BUSY articles have the topic: lists walk an index in order instead of sorting."""


def family(slug: str, at: datetime) -> Family | None:
    """The family of the topic of that slug; None when readers may not know it. One query."""
    parent = Topic.objects.filter(slug=slug).values("parent")
    rows = readable_topics(at).filter(Q(slug=slug) | Q(parent__slug=slug) | Q(pk__in=parent))
    beyond = ArticleTopic.objects.filter(topic=OuterRef("pk"))[BUSY : BUSY + 1]
    topics = {topic.pk: topic for topic in rows.annotate(is_busy=Exists(beyond))}
    topic = next((row for row in topics.values() if row.slug == slug), None)
    if topic is None:
        return None
    children = [row for row in topics.values() if row.parent_id == topic.pk]
    parent_of_it = topics.get(topic.parent_id or 0)
    return Family(topic, parent_of_it, children, is_busy=topic.is_busy)


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider, how many stories it leads, and how many others it reports."""

    provider: Provider
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
    """Every provider that readers can meet, those busiest in RECENT first; two queries."""
    led: Counter[int] = Counter()
    joined: Counter[int] = Counter()
    rows = Article.objects.shown(at).filter(published_at__gt=at - RECENT, published_at__lte=at)
    for provider, is_lead, count in (
        rows.values_list("provider", "is_lead").annotate(Count("pk")).order_by()
    ):
        (led if is_lead else joined)[provider] = count
    own = {"provider": OuterRef("pk")}
    is_met = Exists(Article.objects.published(at).filter(**own)) | Exists(
        Article.objects.shown(at).filter(**own)
    )
    providers = Provider.objects.exclude(policy=Policy.BLOCKED).filter(is_met)
    found = [Standing(row, led[row.pk], joined[row.pk]) for row in providers]
    return sorted(found, key=lambda row: (-row.led, -row.joined, row.provider.name))


def standing(domain: str, at: datetime) -> Standing | None:
    """One provider by its domain; None when readers cannot meet it. Three queries."""
    provider = Provider.objects.exclude(policy=Policy.BLOCKED).filter(domain=domain).first()
    if provider is None:
        return None
    led = _counted(Article.objects.published(at).filter(provider=provider))
    joined = _counted(Article.objects.shown(at).filter(provider=provider, is_lead=False))
    return Standing(provider, led, joined) if led or joined or provider.stem else None


def _counted(rows: ArticleQuerySet) -> int:
    """How many there are, as far as MOST_COUNTED: readers of a busy provider wait no longer."""
    return rows[:MOST_COUNTED].count()


def stories_of(family: Family, at: datetime) -> Source:
    """The published stories of a topic, in the form in which databases list them fastest."""
    build = _of_a_busy_topic if family.is_busy else _of_a_topic
    return Source(build, {"at": at, "topic": family.topic.pk})


def reports_of(provider: Provider, at: datetime) -> Source:
    """What readers may see of a provider: the stories it leads and its reports of others."""
    return Source(_of_a_provider, {"at": at, "provider": provider.pk})


def _of_a_topic(at: Given, topic: Given) -> ArticleQuerySet:
    return Article.objects.published(at).filter(topics=topic)


def _of_a_busy_topic(at: Given, topic: Given) -> ArticleQuerySet:
    own = ArticleTopic.objects.filter(article=OuterRef("pk"), topic=topic)
    return Article.objects.published(at).filter(Exists(own))


def _of_a_provider(at: Given, provider: Given) -> ArticleQuerySet:
    return Article.objects.shown(at).filter(provider=provider)
