"""What answers are made of; `openapi.SCHEMAS` describes each of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from providers.models import Provider

from ....models import Topic
from ...changes import Event
from ...coverage import Line, line_of
from ...directory import Heading
from ...entries import Entry, Subject
from ...excerpts import excerpt
from ...links import absolute, http_link
from ..items import utc

Thing = dict[str, Any]


def story(entry: Entry) -> Thing:
    """A story: its lead, its topics and as much of its coverage as was listed."""
    lead = entry.article
    stem = lead.story.slug or lead.slug
    report = _report(line_of(lead))
    return {
        "id": stem,
        "page": absolute(entry.address),
        "self": absolute(reverse("public:v1-story", args=[stem])),
        **report,
        "excerpt": excerpt(lead),
        "live_at": utc(lead.go_live_at),
        "heat": lead.story.heat,
        "topics": [topic_name(topic) for topic in entry.topics],
        "coverage": {
            "total": entry.coverage.total,
            "reports": [_report(line) for line in entry.coverage.lines],
        },
    }


def topic_name(topic: Topic | Heading | Subject) -> Thing:
    """A topic as stories name it."""
    return {"id": topic.slug, "name": topic.name}


def topic(one: Topic | Heading, parent: Topic | Heading | None) -> Thing:
    """A topic; `parent` only when readers may know it."""
    return {
        **topic_name(one),
        "parent": parent.slug if parent else None,
        "page": absolute(reverse("public:topic", args=[one.slug])),
        "stories": _stories(topic=one.slug),
    }


def provider(one: Provider) -> Thing:
    """A publisher that readers can meet."""
    return {
        "id": one.domain,
        "name": one.name,
        "description": one.description,
        "page": absolute(reverse("public:provider", args=[one.domain])),
        "stories": _stories(provider=one.domain),
    }


def event(one: Event) -> Thing:
    """What happened to a story; it names nothing but its address."""
    return {
        "kind": one.kind,
        "id": one.slug,
        "page": absolute(reverse("public:story", args=[one.slug])),
        "self": absolute(reverse("public:v1-story", args=[one.slug])),
        "at": utc(one.at),
    }


def page_of(items: list[Thing], following: str | None) -> Thing:
    """One page of a list; `next` is the address of the following one, null on the last."""
    return {"items": items, "next": following}


def _stories(**filters: str) -> str:
    return absolute(reverse("public:v1-stories", query=filters))


def _report(line: Line) -> Thing:
    return {
        "title": line.title,
        "link": http_link(line.link) or None,
        "type": line.type or None,
        "published_at": utc(line.at),
        "quality": line.quality,
        "provider": {"id": line.domain, "name": line.provider},
    }
