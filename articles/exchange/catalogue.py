"""Providers and topics: from their own files, and from what article files print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import slugify

from providers.domains import normalise
from providers.models import Provider

from ..frontmatter.record import Values
from ..frontmatter.schema import PROVIDER, TOPIC, Schema, Type
from ..identity import number
from ..models import Topic
from ..models.bulk import update_rows
from .scan import Kind

LISTS = (Type.TEXTS, Type.MAPPINGS)


def topic_slug(name: str) -> str:
    """The slug of a topic known by name only; scripts that ASCII cannot spell get a number."""
    return slugify(name)[:120] or f"topic-{number(name) & 0xFFFFFFFF:08x}"


def _provider_domain(values: Values, stem: str) -> str:
    return normalise(values.get("domain") or values.get("_id") or stem)


def _topic_slug(values: Values, stem: str) -> str:
    return slugify(values.get("_id") or "")[:120] or topic_slug(values.get("name") or stem)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """How one kind of file and its rows name the same things."""

    kind: Kind
    schema: Schema
    model: type[models.Model]
    identity: str
    columns: Mapping[str, str]
    identify: Callable[[Values, str], str]

    def new(self, identity: str) -> Any:
        """A row that is not stored yet."""
        return self.model(**{self.identity: identity})

    def values_of(self, row: Any, base: Values) -> Values:
        """A row as the front matter it stands for; empty columns are absent keys.

        What no column holds is the base's, and so is how it writes what is empty. A name that
        only repeats the identity was never printed.
        """
        values = {key: value for key, value in base.items() if key not in self.columns}
        for key, column in self.columns.items():
            value = getattr(row, column)
            is_unnamed = key == "name" and value == getattr(row, self.identity)
            if value in ("", [], None) or (is_unnamed and not base.get(key)):
                value = None if base.get(key) else base.get(key)
            if value is not None:
                values[key] = value
        return values

    def put(self, row: Any, values: Values) -> None:
        """Put file values into a row's columns; an absent text is empty, an absent list too."""
        for key in values.keys() & self.columns.keys():
            column = self.columns[key]
            empty = [] if self.schema.by_name[key].type in LISTS else ""
            setattr(row, column, empty if values[key] is None else values[key])


CATALOGUES = {
    Kind.PROVIDER: Catalogue(
        Kind.PROVIDER,
        PROVIDER,
        Provider,
        "domain",
        {
            "name": "name",
            "otherNames": "other_names",
            "description": "description",
            "images": "images",
        },
        _provider_domain,
    ),
    Kind.TOPIC: Catalogue(
        Kind.TOPIC,
        TOPIC,
        Topic,
        "slug",
        {
            "name": "name",
            "shortname": "shortname",
            "parent": "parent_name",
            "keywords": "keywords",
            "hashtags": "hashtags",
            "images": "images",
        },
        _topic_slug,
    ),
}


def set_parents() -> dict[str, str]:
    """Point every topic at its parent by name; answers a warning, by stem, where that cannot be.

    A parent that is not here leaves the topic at the top; so does one that would close a circle,
    for the last of its topics by slug.
    """
    topics = list(Topic.objects.order_by("slug"))
    by_name = by_former_name(topics) | {topic.name: topic for topic in reversed(topics)}
    parents: dict[int, Topic | None] = {}
    warnings = {}
    for topic in topics:
        parent = by_name.get(topic.parent_name) if topic.parent_name else None
        if topic.parent_name and parent is None:
            warnings[topic.stem] = f"parent: no topic is named {topic.parent_name}"
        elif parent and _closes_circle(topic, parent, parents):
            warnings[topic.stem] = f"parent: {topic.parent_name} lies below this one"
            parent = None
        parents[topic.pk] = parent
        if topic.parent_id != (parent.pk if parent else None):
            Topic.objects.filter(pk=topic.pk).update(parent=parent)
    return warnings


def _closes_circle(topic: Topic, parent: Topic, parents: Mapping[int, Topic | None]) -> bool:
    step: Topic | None = parent
    while step is not None and step.pk != topic.pk:
        step = parents.get(step.pk)
    return step is not None


def by_former_name(topics: Iterable[Topic]) -> dict[str, Topic]:
    """Topics by every name they had before; of two that had the same, the first by slug."""
    last_first = sorted(topics, key=lambda topic: topic.slug, reverse=True)
    return {name: topic for topic in last_first for name in topic.former_names}


class Topics:
    """Topics by the names that files print: by name, former name, then slug.

    Unless `is_only_looking`, unknown names become topics at once, in bulk.
    """

    def __init__(self, names: Iterable[str], *, is_only_looking: bool = False) -> None:
        wanted = sorted(set(names))
        slugs = {name: topic_slug(name) for name in wanted}
        self._by_name: dict[str, Topic] = {}
        self._by_slug: dict[str, Topic] = {}
        condition = models.Q(name__among=wanted) | models.Q(slug__among=list(slugs.values()))
        known = Topic.objects.filter(condition | ~models.Q(former_names=[])) if wanted else ()
        for topic in known:
            self._by_name[topic.name] = topic
            self._by_slug[topic.slug] = topic
        self._by_name = by_former_name(known) | self._by_name
        if not is_only_looking:
            self._make(slugs)

    def _make(self, slugs: dict[str, str]) -> None:
        fresh = {
            slug: Topic(slug=slug, name=name)
            for name, slug in reversed(slugs.items())
            if name not in self._by_name and slug not in self._by_slug
        }
        Topic.objects.bulk_create(fresh.values())
        self._by_slug.update(fresh)

    def _find(self, name: str) -> Topic | None:
        return self._by_name.get(name) or self._by_slug.get(topic_slug(name))

    def of(self, names: Iterable[str] | None) -> list[Topic]:
        """The topics of a list as printed, each once, in order."""
        found = (self._find(name) for name in names or ())
        return list(dict.fromkeys(topic for topic in found if topic))

    def names(self, names: Iterable[str] | None) -> list[str]:
        """The same list in the desk's own spelling; a name that is no topic as it stands."""
        found = ((name, self._find(name)) for name in names or ())
        return list(dict.fromkeys(topic.name if topic else name for name, topic in found))


@dataclass(frozen=True, slots=True)
class Imprint:
    """A provider as one article file prints it."""

    domain: str
    name: str
    images: list[Values]
    slug: str

    @property
    def order(self) -> tuple[bool, str]:
        """Which imprint speaks for a provider without a file: the first, one with a logo before."""
        return (not self.images, self.slug)


def providers_by_domain(imprints: Iterable[Imprint]) -> dict[str, Provider]:
    """The providers of these imprints by domain; unknown ones are made, in bulk."""
    first: dict[str, Imprint] = {}
    for imprint in imprints:
        best = first.get(imprint.domain)
        if best is None or imprint.order < best.order:
            first[imprint.domain] = imprint
    found = {row.domain: row for row in Provider.objects.filter(domain__among=list(first))}
    fresh = [Provider(domain=domain) for domain in sorted(first.keys() - found.keys())]
    spoken = [row for row in found.values() if _speaks(first[row.domain], row)]
    for row in [*fresh, *spoken]:
        imprint = first[row.domain]
        row.name = imprint.name or row.domain
        row.images, row.printed_by = imprint.images, imprint.slug
    Provider.objects.bulk_create(fresh)
    rows = [(row.name, row.images, row.printed_by, row.pk) for row in spoken]
    update_rows(Provider, ["name", "images", "printed_by"], rows)
    return found | {row.domain: row for row in fresh}


def _speaks(imprint: Imprint, row: Provider) -> bool:
    if row.stem or row.is_edited or not row.printed_by:
        return False
    return imprint.order < (not row.images, row.printed_by)
