"""Which folders of the published site a change can touch: those of the stories it changed, before
and after, and of the lists they stand in. Everything outside such folders is made at every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from providers.models import Provider

from ..models import Article, ArticleTopic, Topic
from ..public import directory
from ..public.prepared import Given, Prepared
from ..snapshots import running
from .orders import digest, orders

_DEPTH = {"archive": 4, "api": 3, "news": 2, "providers": 2, "topics": 2}
_NOBODYS = "api/news/page/"
_FOLDERS = {
    "story": "news/",
    "topic": "topics/",
    "provider": "providers/",
    "api-news-under": "api/news/",
}
"""Where the pages of such things lie, each in a folder that is called by its key."""
_KINDS = {folder: kind for kind, folder in _FOLDERS.items()}

Folders = Mapping[str, Iterable[str]]


@dataclass(slots=True)
class Standing:
    """`stories` are the folders of each published story by its address, `names` a digest of what
    pages say of each topic and provider by its folder, `families` the topics next to a topic,
    `placed` a digest of what editors said of each story's rank by its address, `orders` those of
    `orders.orders`."""

    stories: dict[str, list[str]] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    families: dict[str, set[str]] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)


def standing(at: datetime) -> Standing:
    """Where everything stands that is public; eight queries.

    Nothing else is named: hosts may serve the manifest as they do pages.
    """
    rows, reports = _PUBLISHED.rows(at=at), _REPORTS.rows(at=at)
    found = Standing(_stories(rows, reports, at), _placed(at))
    _name_topics(found, at)
    for row in _PROVIDERS.rows(at=at):
        found.names[folder_for("provider", row[_DOMAIN])] = digest(row)
    # A topic or a provider may be new though no story tells of it.
    folders = [*found.stories.items(), *((name, []) for name in found.names)]
    found.orders = orders(rows, reports, folders, at)
    return found


def untouched(
    before: Folders, names: Mapping[str, str], now: Standing, changed: Iterable[str]
) -> set[str]:
    """The folders whose files are as they were before, when these stories changed; none of them
    when a topic or a provider is called otherwise, which may show anywhere."""
    if any(now.names.get(folder) != digest for folder, digest in names.items()):
        return set()
    new = now.names.keys() - names.keys()
    touched = new.union(*(now.families[topic] for topic in new & now.families.keys()))
    for story in changed:
        touched |= {*before.get(story, ()), *now.stories.get(story, ())}
    standing_before, standing_now = (
        {folder for folders in stories.values() for folder in folders}
        for stories in (before, now.stories)
    )
    days = {folder for folder in standing_before ^ standing_now if folder.startswith("archive/")}
    if days:
        # A day leads to the nearest ones.
        touched |= {folder for folder in standing_now if folder.startswith("archive/")}
    return (standing_now | now.names.keys()) - touched - {_NOBODYS}


def folder_of(path: str) -> str:
    """The folder of a story or a list that a file lies in; empty where there is none."""
    parts = path.split("/")
    depth = _DEPTH.get(parts[0], len(parts))
    return f"{'/'.join(parts[:depth])}/" if len(parts) > depth else ""


def folder_for(kind: str, key: str) -> str:
    """The folder of the page of a story, a topic, a provider, or of a story's or topic's JSON
    (`public.links.page`)."""
    return f"{_FOLDERS[kind]}{key}/"


def kind_of(folder: str) -> str:
    """What such a folder is of."""
    return _KINDS[folder[:-1].rpartition("/")[0] + "/"]


def key_of(folder: str) -> str:
    """The key of the thing that such a folder is of."""
    return folder[:-1].rpartition("/")[2]


def _stories(
    rows: Iterable[Sequence[Any]], reports: Iterable[Sequence[Any]], at: datetime
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    by_story = {}
    for time, _, story, address, stem, _ in rows:
        own = [folder_for("story", address or stem), folder_for("api-news-under", stem)]
        if time:
            day = timezone.localdate(time)
            own.append(f"archive/{day:%Y/%m/%d}/")
        by_story[story] = found[address or stem] = own
    for story, slug in _PLACES.rows(at=at):
        by_story[story] += [folder_for("topic", slug), folder_for("api-news-under", slug)]
    for story, domain in dict.fromkeys((story, domain) for _, story, domain, *_ in reports):
        by_story[story].append(folder_for("provider", domain))
    return found


def _placed(at: datetime) -> dict[str, str]:
    """Begins and ends by the clock, so that no change of a story tells of it."""
    said = running(at).filter(story__slug__isnull=False)
    rows = said.values_list("story__slug", "begins_at", "shift")
    return {row[0] or "": digest(row) for row in rows}


def _name_topics(found: Standing, at: datetime) -> None:
    family: dict[str, set[str]] = defaultdict(set)
    for row in _TOPICS.rows(at=at):
        folder, above = folder_for("topic", row[_SLUG]), row[-1]
        found.names[folder] = digest(row)
        if above:
            family[folder].add(folder_for("topic", above))
            family[folder_for("topic", above)].add(folder)
    found.families = dict(family)


def _published() -> QuerySet[Article, Any]:
    rows = Article.objects.published(Given("at")).order_by("pk")
    own = ("story", "story__slug", "slug", "story__rank")
    return rows.values_list("published_at", "go_live_at", *own)


def _places() -> QuerySet[ArticleTopic, Any]:
    published = Article.objects.published(Given("at")).values("pk")
    places = ArticleTopic.objects.filter(article__in=published)
    return places.values_list("article__story", "topic__slug")


def _reports() -> QuerySet[Article, Any]:
    rows = Article.objects.shown(Given("at")).order_by("pk")
    return rows.values_list("published_at", "story", "provider__domain", "slug", "is_lead")


def _topics() -> QuerySet[Topic, Any]:
    rows = directory.readable_topics(Given("at")).annotate(above=F("parent__slug"))
    return rows.order_by("slug").values_list(*_OF_TOPIC, "above")


def _providers() -> QuerySet[Provider, Any]:
    return directory.readable_providers(Given("at")).values_list(*_OF_PROVIDER)


_OF_TOPIC, _OF_PROVIDER = (
    [field.attname for field in model._meta.concrete_fields] for model in (Topic, Provider)
)
_SLUG, _DOMAIN = _OF_TOPIC.index("slug"), _OF_PROVIDER.index("domain")
_PUBLISHED, _PLACES, _REPORTS = Prepared(_published), Prepared(_places), Prepared(_reports)
_TOPICS, _PROVIDERS = Prepared(_topics), Prepared(_providers)
