"""What the tests of the reader's site share: published stories, and every page there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Claim, RelatedItem
from articles.stories import refresh
from tests.factories import A_DAY, make_article, make_story

HEADLINE = re.compile(r'<a href="https://[^"]*" rel="noopener" dir="auto">(.*?)</a>')
LIVE = datetime(2024, 5, 7, 9, 0, tzinfo=UTC)
"""When the published stories of these tests went live."""

PUBLISHED: dict[str, Any] = {
    "state": "published",
    "go_live_at": LIVE,
    "first_published_at": LIVE,
}


def publish(**changes: Any) -> Article:
    """A published article, alone in its story, with its rank and address."""
    article = make_article(**(PUBLISHED | changes))
    refresh([article.story_id])
    article.story.refresh_from_db()
    return article


def publish_story(*members: dict[str, Any]) -> list[Article]:
    """A published story: the first member leads it, the others are its coverage."""
    articles = make_story(PUBLISHED | members[0], *members[1:])
    refresh([articles[0].story_id])
    return articles


def relate(article: Article, *, title: str, domain: str = "open.example", quality: int = 1) -> None:
    """A related item that only this article's file claims."""
    numbers = {"identity": article.pk, "title_hash": article.pk}
    Claim.objects.create(article=article, **numbers)
    RelatedItem.objects.create(
        title=title,
        link=f"https://{domain}/a",
        published_at=A_DAY,
        quality=quality,
        provider_name=title,
        provider_domain=domain,
        printed_by=article.slug,
        **numbers,
    )
    refresh([article.story_id])


def headlines(client: Client, path: str) -> list[str]:
    """The linked headlines of a page, coverage included, from top to bottom."""
    return HEADLINE.findall(client.get(path).content.decode())


@pytest.fixture
def every_page(client: Client) -> Callable[[], dict[str, str]]:
    """The text of every page of the site by its path, error pages of all known stems included."""

    def read() -> dict[str, str]:
        articles = Article.objects.select_related("provider")
        paths = ["/", "/latest/", "/topics/", "/providers/", "/about/", "/corrections/"]
        paths += ["/archive/", "/archive/2024/", "/archive/2024/05/", "/archive/2024/05/06/"]
        paths += ["/search/?q=title", "/search/?q=body", "/search/?from=2000-01-01", "/live/"]
        for article in articles.prefetch_related("topics"):
            paths += [f"/news/{article.slug}/", f"/news/{article.slug}/?order=time"]
            paths += [f"/providers/{article.provider.domain}/"]
            for topic in article.topics.all():
                paths += [f"/topics/{topic.slug}/", f"/topics/{topic.slug}/?order=latest"]
        return {path: client.get(path, follow=True).content.decode() for path in paths}

    return read
