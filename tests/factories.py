"""Rows for tests, each valid as it comes; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from articles import identity
from articles.models import Article, ArticleTopic, Story, Topic
from articles.workflow.roles import ensure_roles
from providers.models import Provider

A_DAY = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
"""When the articles of tests were published by their publishers."""

_numbers = count(1)


def make_provider(**changes: Any) -> Provider:
    """A provider; its domain is `provider-N.example` unless named."""
    number = next(_numbers)
    values: dict[str, Any] = {"domain": f"provider-{number}.example", "name": f"Provider {number}"}
    return Provider.objects.create(**(values | changes))


def make_topic(name: str = "", **changes: Any) -> Topic:
    """A topic; its slug is `topic-N` unless named."""
    number = next(_numbers)
    values: dict[str, Any] = {"slug": f"topic-{number}", "name": name or f"Topic {number}"}
    return Topic.objects.create(**(values | changes))


def make_article(*, topics: list[Topic] | None = None, **changes: Any) -> Article:
    """A new article that lacks nothing to be published, alone in its story.

    `topics` in order; None gives it one of its own.
    """
    article = _article(changes)
    article.save()
    _put_topics(article, [make_topic()] if topics is None else topics)
    return article


def make_story(*members: dict[str, Any]) -> list[Article]:
    """The articles of one story, each made with its changes, the first of them leading it."""
    articles = [make_article(**(members[0] if members else {}))]
    for changes in members[1:]:
        articles.append(make_article(story=articles[0].story, is_lead=False, **changes))
    return articles


def make_user(role: str = "", **changes: Any) -> User:
    """A person in the group of `role`, in none without one; "superuser" is one."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "username": f"person-{number}",
        "is_staff": True,
        "is_superuser": role == "superuser",
    }
    person: User = get_user_model().objects.create_user(**(values | changes))
    if role and role != "superuser":
        person.groups.add(_group(role))
    return person


def _group(role: str) -> Group:
    # They are there from the beginning, unless a test emptied the database.
    if not Group.objects.filter(name=role).exists():
        ensure_roles()
    return Group.objects.get(name=role)


def _article(changes: dict[str, Any]) -> Article:
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"2024-05-06-article-{number}",
        "category": "news",
        "title": f"Article {number}",
        "excerpt": f"What happened in article {number}.",
        "published_at": A_DAY,
        "web_url": f"https://provider-{number}.example/article",
        "type": "article",
        "quality": 50,
        "arrived_at": A_DAY,
    } | changes
    values["provider"] = values.get("provider") or make_provider()
    values["story"] = values.get("story") or Story.objects.create()
    values.setdefault("provider_name", values["provider"].name)
    values.setdefault("provider_domain", values["provider"].domain)
    article = Article(**values)
    for name, derived in _derived(article).items():
        if name not in changes:
            setattr(article, name, derived)
    return article


def _derived(article: Article) -> dict[str, int]:
    return {
        "link_hash": identity.link_number(article.link),
        "identity": identity.identity(article.link, article.published_at),
        "title_hash": identity.number(article.title),
    }


def _put_topics(article: Article, topics: list[Topic]) -> None:
    ArticleTopic.objects.bulk_create(
        ArticleTopic(article=article, topic=topic, position=position)
        for position, topic in enumerate(topics)
    )
