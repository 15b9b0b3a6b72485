"""Rows held for one transaction, and the marks that follow from a change."""

from __future__ import annotations

from zlib import crc32

from django.db import connection
from django.db.models import QuerySet

from ..models import Article, Story

SEVERAL = crc32(b"newsroom several stories")
"""The number of the lock on PostgreSQL, where locks belong to a database."""


def one_at_a_time() -> None:
    """Wait until no other transaction holds several stories, and be the one that may.

    It comes before any row is held. An act on one story needs it not: it holds that story before
    its articles, and never waits for a second. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEVERAL])


def hold_stories(articles: QuerySet[Article]) -> None:
    """Hold the stories of these articles, in order of id, before the articles are."""
    stories = Story.objects.filter(pk__in=articles.order_by().values("story")).order_by("pk")
    list(stories.select_for_update().values_list("pk", flat=True))


def locked(pk: int) -> Article:
    """The row, for this transaction alone.

    Its story is locked first, so that acts on two members never wait for one another's rows.
    """
    while True:
        story = Article.objects.values_list("story", flat=True).get(pk=pk)
        # Whoever held it before may have emptied it, or moved the article out of it: then the
        # article is not held while its story is looked for anew.
        held = Story.objects.select_for_update().filter(pk=story).values_list("pk", flat=True)
        if not held:
            continue
        article = Article.objects.select_for_update().filter(pk=pk, story=story).first()
        if article is not None:
            return article


def mark_siblings(article: Article) -> None:
    """The files of the story's other members print this article's data; an export looks again."""
    Article.objects.filter(story=article.story_id).exclude(pk=article.pk).mark()
