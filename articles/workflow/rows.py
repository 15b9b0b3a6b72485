"""Rows held for one transaction, and the marks that follow from a change."""

from __future__ import annotations

from ..models import Article, Story


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
    Article.objects.filter(story=article.story_id).exclude(pk=article.pk).update(is_edited=True)
