"""Which folders of the published site a change can touch: those of the stories it changed, before
and after, and of the lists they stand in. Everything outside such folders is made at every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from providers.models import Provider

from ..models import Article, ArticleTopic, Topic
from ..public import directory
from ..public.links import page
from ..public.prepared import Given, Prepared
from ..stories.snapshots import running
from .places import file_of

_DEPTH = {"archive": 4, "api": 3, "news": 2, "providers": 2, "topics": 2}
_NOBODYS = "api/news/page/"

Folders = Mapping[str, Iterable[str]]


@dataclass(slots=True)
class Standing:
    """`stories` are the folders of each published story by its address, `names` a digest of what
    pages say of each topic and provider by its folder, `families` the topics next to a topic,
    `placed` a digest of what editors said of each story's rank by its address, `orders` one of all
    that lists of published stories go by."""

    stories: dict[str, list[str]] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    families: dict[str, set[str]] = field(default_factory=dict)
    orders: str = ""


def standing(at: datetime) -> Standing:
    """Where everything stands that is public; six queries.

    Nothing else is named: hosts may serve the manifest as they do pages.
    """
    rows = _PUBLISHED.rows(at=at)
    found = Standing(_stories(rows, at), _placed(at))
    found.orders = _digest(sorted((*row, *found.stories[row[1] or row[2]]) for row in rows))
    _name_topics(found, at)
    for row in _PROVIDERS.rows(at=at):
        found.names[_folder("provider", row[_DOMAIN])] = _digest(row)
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


def _stories(rows: Iterable[Sequence[Any]], at: datetime) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    by_story = {}
    for story, address, stem, time, *_ in rows:
        own = [_folder("story", address or stem), _folder("api-news-under", stem)]
        if time:
            day = timezone.localdate(time)
            own.append(f"archive/{day:%Y/%m/%d}/")
        by_story[story] = found[address or stem] = own
    for story, slug in _PLACES.rows(at=at):
        by_story[story] += [_folder("topic", slug), _folder("api-news-under", slug)]
    for story, domain in _SHOWN.rows(at=at):
        by_story[story].append(_folder("provider", domain))
    return found


def _placed(at: datetime) -> dict[str, str]:
    """Begins and ends by the clock, so that no change of a story tells of it."""
    said = running(at).filter(story__slug__isnull=False)
    rows = said.values_list("story__slug", "begins_at", "shift")
    return {row[0] or "": _digest(row) for row in rows}


def _name_topics(found: Standing, at: datetime) -> None:
    family: dict[str, set[str]] = defaultdict(set)
    for row in _TOPICS.rows(at=at):
        folder, above = _folder("topic", row[_SLUG]), row[-1]
        found.names[folder] = _digest(row)
        if above:
            family[folder].add(_folder("topic", above))
            family[_folder("topic", above)].add(folder)
    found.families = dict(family)


def _folder(name: str, key: str) -> str:
    address = page(name, key).removeprefix(settings.SITE_PATH)
    return file_of(address).rpartition("/")[0] + "/"


def _digest(row: Sequence[object]) -> str:
    return sha256(repr(row).encode()).hexdigest()[:16]


def _published() -> QuerySet[Article, Any]:
    rows = Article.objects.published(Given("at"))
    own = ("story", "story__slug", "slug", "published_at")
    return rows.values_list(*own, "go_live_at", "story__rank")


def _places() -> QuerySet[ArticleTopic, Any]:
    published = Article.objects.published(Given("at")).values("pk")
    places = ArticleTopic.objects.filter(article__in=published)
    return places.values_list("article__story", "topic__slug")


def _shown() -> QuerySet[Article, Any]:
    rows = Article.objects.shown(Given("at")).values_list("story", "provider__domain")
    return rows.distinct().order_by()


def _topics() -> QuerySet[Topic, Any]:
    rows = directory.readable_topics(Given("at")).annotate(above=F("parent__slug"))
    return rows.order_by("slug").values_list(*_OF_TOPIC, "above")


def _providers() -> QuerySet[Provider, Any]:
    return directory.readable_providers(Given("at")).values_list(*_OF_PROVIDER)


_OF_TOPIC, _OF_PROVIDER = (
    [field.attname for field in model._meta.concrete_fields] for model in (Topic, Provider)
)
_SLUG, _DOMAIN = _OF_TOPIC.index("slug"), _OF_PROVIDER.index("domain")
_PUBLISHED, _PLACES, _SHOWN = Prepared(_published), Prepared(_places), Prepared(_shown)
_TOPICS, _PROVIDERS = Prepared(_topics), Prepared(_providers)
