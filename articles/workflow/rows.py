"""Rows held for one transaction, and the marks that follow from a change."""

from __future__ import annotations

from ..models import Article, Story


def locked(pk: int) -> Article:
    """The row, for this transaction alone.

    Its story is locked first, so that acts on two members never wait for one another's rows.
    """
    while True:
        story = Article.objects.values_list("story", flat=True).get(pk=pk)
        Story.objects.select_for_update().get(pk=story)
        article = Article.objects.select_for_update().get(pk=pk)
        if article.story_id == story:
            return article


def mark_siblings(article: Article) -> None:
    """The files of the story's other members print this article's data; an export looks again."""
    Article.objects.filter(story=article.story_id).exclude(pk=article.pk).update(is_edited=True)
