"""What must hold before readers may see an article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from providers.models import Policy

from ..frontmatter import Limits
from ..frontmatter.scalars import WrongError, link
from ..identity import link_number
from ..models import Article, ArticleTopic, Note
from ..states import Action, State
from ..tracking import address
from .errors import GuardFailure

AHEAD = timedelta(minutes=10)
"""How far a publication time may lie ahead: publishers' clocks differ."""

NOTES = "notes"
"""What a blocking note's failure names as its field."""

LEADS = "is_lead"
"""What the failure of an article that leads no story names as its field."""

MARKUP = re.compile(r"</?[a-z][^<>]*>|<!--", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """What guards ask the database about some articles, asked once for all of them.

    `topics` counts them by article id, `live` holds what is published by the hash of its link,
    `notes` the texts of blocking notes by article id.
    """

    topics: Counter[int]
    live: dict[int, list[Article]]
    notes: dict[int, list[str]]


def know(articles: Iterable[Article]) -> Known:
    """Three queries, whatever their number."""
    rows = list(articles)
    ids = [article.pk for article in rows]
    topics = ArticleTopic.objects.filter(article__among=ids).values_list("article_id", flat=True)
    known = Known(Counter(topics), live_by_link(rows), defaultdict(list))
    notes = Note.objects.filter(article__among=ids, is_blocking=True, resolved_at=None)
    for pk, text in notes.order_by("pk").values_list("article_id", "text"):
        known.notes[pk].append(text)
    return known


def live_by_link(articles: Iterable[Article]) -> dict[int, list[Article]]:
    """What is published under the links of these articles, by the hash of the link; one query."""
    found: dict[int, list[Article]] = defaultdict(list)
    hashes = list({link_number(article.link) for article in articles})
    live = Article.objects.filter(link_hash__among=hashes, state=State.PUBLISHED)
    columns = ("slug", "title", "web_url", "original_url", "link_hash", "story", "expire_at")
    for other in live.exclude(provider__policy=Policy.BLOCKED).only(*columns).order_by("slug"):
        found[other.link_hash].append(other)
    return found


def failures(article: Article, at: datetime, known: Known | None = None) -> list[GuardFailure]:
    """Every guard that does not hold for an article that goes live at that time.

    Asks nothing of the database when `known` knows the article and its provider is loaded.
    """
    known = known or know([article])
    return [
        *_essentials(article),
        *_provider(article),
        *_topics(article, known),
        *_excerpt(article),
        *_time(article, at),
        *_link_elsewhere(article, at, known),
        *_notes(article, known),
    ]


def asked_for(action: Action, found: Iterable[GuardFailure]) -> list[GuardFailure]:
    """Those of the failures that stand against the action.

    Coverage is approved as leads are, or COVERAGE=reviewed would show none; only publishing asks
    for a lead.
    """
    return [one for one in found if action is not Action.APPROVE or one.field != LEADS]


def _essentials(article: Article) -> Iterator[GuardFailure]:
    if not article.is_lead:
        yield GuardFailure(LEADS, "Another article leads this story; publish that one.")
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


def _topics(article: Article, known: Known) -> Iterator[GuardFailure]:
    wanted = settings.MIN_TOPICS
    if wanted > 0 and known.topics[article.pk] < wanted:
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


def _link_elsewhere(article: Article, at: datetime, known: Known) -> Iterator[GuardFailure]:
    for other in known.live.get(link_number(article.link), ()):
        is_same = address(other.link) == address(article.link)
        is_over = other.expire_at is not None and other.expire_at <= at
        if other.story_id != article.story_id and is_same and not is_over:
            yield GuardFailure(
                "web_url",
                f"The same link is published in another story: {other.title}.",
                is_editorial=True,
            )
            return


def _notes(article: Article, known: Known) -> Iterator[GuardFailure]:
    for text in known.notes.get(article.pk, ()):
        yield GuardFailure(NOTES, f"A note blocks it: {text}", is_editorial=True)
