"""The topics of an article, in their order."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .article import Article
from .topic import Topic


class ArticleTopic(models.Model):
    """An article's topics in their order, most general first.

    `is_published` is whether the article's state is: triggers keep it (`articles.models.placed`),
    so that whether readers may know a topic is asked of no article that they may not.
    """

    # The constraint's index begins with it.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="topic_places", db_index=False
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveSmallIntegerField()
    is_published = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "topic"], name="a_topic_once_an_article")
        ]
        indexes = [
            models.Index(
                fields=["topic", "article"],
                name="published_by_topic",
                condition=Q(is_published=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.topic_id}"
