"""Which folders of the published site a change can touch: those of the stories it changed, before
and after, and of the lists they stand in. Everything outside such folders is made at every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from providers.models import Provider

from ..models import Article, ArticleTopic, Topic
from .places import file_of

_DEPTH = {"archive": 4, "api": 3, "news": 2, "providers": 2, "topics": 2}
_NOBODYS = "api/news/page/"

Folders = Mapping[str, Iterable[str]]


@dataclass(slots=True)
class Standing:
    """`stories` are the folders of each published story by its address, `names` a digest of what
    pages say of each topic and provider by its folder, `families` the topics next to a topic."""

    stories: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    families: dict[str, set[str]] = field(default_factory=dict)


def standing(at: datetime) -> Standing:
    """Where everything stands that is public; five queries."""
    found = Standing(_stories(at))
    _name_topics(found)
    for provider in Provider.objects.values():
        folder = _folder("provider", provider["domain"])
        found.names[folder] = _digest(provider)
    return found


def untouched(
    before: Folders, names: Mapping[str, str], now: Standing, changed: Iterable[str]
) -> set[str]:
    """The folders whose files are as they were before, when these stories changed; none of them
    when a topic or a provider is called otherwise, which may show anywhere."""
    if any(now.names.get(folder) != digest for folder, digest in names.items()):
        return set()
    touched = now.names.keys() - names.keys()
    for story in changed:
        touched |= {*before.get(story, ()), *now.stories.get(story, ())}
    for topic in touched & now.families.keys():
        touched |= now.families[topic]
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


def _stories(at: datetime) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    published = Article.objects.published(at)
    by_story = {}
    for story, address, stem, time in published.values_list(
        "story", "story__slug", "slug", "published_at"
    ):
        own = [_folder("story", address or stem), _folder("api-news-under", stem)]
        if time:
            day = timezone.localdate(time)
            own.append(f"archive/{day:%Y/%m/%d}/")
        by_story[story] = found[address or stem] = own
    places = ArticleTopic.objects.filter(article__in=published.values("pk"))
    for story, slug in places.values_list("article__story", "topic__slug"):
        by_story[story] += [_folder("topic", slug), _folder("api-news-under", slug)]
    shown = Article.objects.shown(at).values_list("story", "provider__domain").distinct()
    for story, domain in shown.order_by():
        by_story[story].append(_folder("provider", domain))
    return found


def _name_topics(found: Standing) -> None:
    topics = list(Topic.objects.annotate(above=F("parent__slug")).order_by("slug").values())
    family: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        folder = _folder("topic", topic["slug"])
        found.names[folder] = _digest(topic)
        if topic["above"]:
            above = _folder("topic", topic["above"])
            family[folder].add(above)
            family[above].add(folder)
    found.families = dict(family)


def _folder(name: str, key: str) -> str:
    address = reverse(f"public:{name}", args=[key]).removeprefix(settings.SITE_PATH)
    return file_of(address).rpartition("/")[0] + "/"


def _digest(row: Mapping[str, object]) -> str:
    return sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]
