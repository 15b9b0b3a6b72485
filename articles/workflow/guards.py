"""What must hold before readers may see an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from providers.models import Policy

from ..frontmatter import Limits
from ..frontmatter.scalars import WrongError, link
from ..identity import number
from ..models import Article
from ..states import State
from .errors import GuardFailure

AHEAD = timedelta(minutes=10)
"""How far a publication time may lie ahead: publishers' clocks differ."""

MARKUP = re.compile(r"</?[a-z][^<>]*>|<!--", re.IGNORECASE)


def failures(article: Article, at: datetime) -> list[GuardFailure]:
    """Every guard that does not hold for an article that goes live at that time.

    Guards on notes come with notes. One query for topics, one for the link, one for the provider
    unless it is loaded.
    """
    return [
        *_essentials(article),
        *_provider(article),
        *_topics(article),
        *_excerpt(article),
        *_time(article, at),
        *_link_elsewhere(article, at),
    ]


def _essentials(article: Article) -> Iterator[GuardFailure]:
    if not article.is_lead:
        yield GuardFailure("is_lead", "Another article leads this story; publish that one.")
    if not article.title.strip():
        yield GuardFailure("title", "It has no title.")
    try:
        link(article.link, Limits().link)
    except WrongError as wrong:
        field = "web_url" if article.web_url or not article.original_url else "original_url"
        yield GuardFailure(field, f"The link does not work: {wrong}.")
    if article.published_at is None:
        yield GuardFailure("published_at", "It has no publication time.")


def _provider(article: Article) -> Iterator[GuardFailure]:
    provider = article.provider
    if provider.policy == Policy.BLOCKED:
        yield GuardFailure("provider", f"{provider.name} is blocked.")
    if provider.policy == Policy.HELD:
        yield GuardFailure("provider", f"{provider.name} is held.", is_editorial=True)


def _topics(article: Article) -> Iterator[GuardFailure]:
    wanted = settings.MIN_TOPICS
    if wanted > 0 and article.topic_places.count() < wanted:
        topics = "one topic" if wanted == 1 else f"{wanted} topics"
        yield GuardFailure("topics", f"It needs at least {topics}.", is_editorial=True)


def _excerpt(article: Article) -> Iterator[GuardFailure]:
    excerpt, limit = article.excerpt or "", article.provider.excerpt_limit
    if MARKUP.search(excerpt):
        yield GuardFailure(
            "excerpt", "The excerpt holds markup; it should be plain text.", is_editorial=True
        )
    if limit is not None and len(excerpt) > limit:
        yield GuardFailure(
            "excerpt",
            f"The excerpt has {len(excerpt):,} characters;"
            f" {article.provider.name} allows {limit:,}.",
            is_editorial=True,
        )


def _time(article: Article, at: datetime) -> Iterator[GuardFailure]:
    if article.published_at is not None and article.published_at > at + AHEAD:
        yield GuardFailure(
            "published_at", "The publication time lies in the future.", is_editorial=True
        )


def _link_elsewhere(article: Article, at: datetime) -> Iterator[GuardFailure]:
    live = Article.objects.filter(
        Q(expire_at__isnull=True) | Q(expire_at__gt=at),
        link_hash=number(article.link),
        state=State.PUBLISHED,
    ).exclude(story=article.story_id)
    for other in live.exclude(provider__policy=Policy.BLOCKED).order_by("slug"):
        if other.link == article.link:
            yield GuardFailure(
                "web_url",
                f"The same link is published in another story: {other.title}.",
                is_editorial=True,
            )
            return
