"""Topics and providers as readers may know them: by what is public, never by a draft's file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from providers.models import Policy, Provider

from ..models import Article, ArticleTopic, Topic


@dataclass(slots=True)
class Branch:
    """A topic in the tree; `stories` counts its published ones."""

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
    published = Article.objects.published(at).values("pk")
    counts = dict(
        ArticleTopic.objects.filter(article__in=published)
        .values_list("topic")
        .annotate(Count("pk"))
        .order_by()
    )
    topics = Topic.objects.filter(Q(stem__gt="") | Q(pk__in=counts))
    branches = {topic.pk: Branch(topic, counts.get(topic.pk, 0)) for topic in topics}
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
    children: list[Topic]


def family(slug: str, at: datetime) -> Family | None:
    """The family of the topic of that slug; None when readers may not know it. One query."""
    parent = Topic.objects.filter(slug=slug).values("parent")
    rows = readable_topics(at).filter(Q(slug=slug) | Q(parent__slug=slug) | Q(pk__in=parent))
    topics = {topic.pk: topic for topic in rows}
    topic = next((row for row in topics.values() if row.slug == slug), None)
    if topic is None:
        return None
    children = [row for row in topics.values() if row.parent_id == topic.pk]
    return Family(topic, topics.get(topic.parent_id or 0), children)


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider, the stories it leads and the other stories it reports."""

    provider: Provider
    led: int
    joined: int


def standings(at: datetime) -> list[Standing]:
    """Every provider that readers can meet, the busiest first; two queries."""
    led: Counter[int] = Counter()
    joined: Counter[int] = Counter()
    rows = Article.objects.shown(at).values_list("provider", "is_lead").annotate(Count("pk"))
    for provider, is_lead, count in rows.order_by():
        (led if is_lead else joined)[provider] = count
    providers = Provider.objects.filter(pk__in={*led, *joined}).defer("images")
    found = [Standing(row, led[row.pk], joined[row.pk]) for row in providers]
    return sorted(found, key=lambda row: (-row.led, -row.joined, row.provider.name))


def standing(domain: str, at: datetime) -> Standing | None:
    """One provider by its domain; None when readers cannot meet it. Two queries."""
    provider = Provider.objects.exclude(policy=Policy.BLOCKED).filter(domain=domain).first()
    if provider is None:
        return None
    rows = Article.objects.shown(at).filter(provider=provider).values_list("is_lead")
    counts = dict(rows.annotate(Count("pk")).order_by())
    if not counts and not provider.stem:
        return None
    return Standing(provider, counts.get(True, 0), counts.get(False, 0))
