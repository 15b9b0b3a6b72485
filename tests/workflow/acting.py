"""Acting on an article as it stands."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from articles.models import Article
from articles.workflow import transition


def do(article: Article, action: str, actor: User, **more: Any) -> Article:
    """The action on the version in hand."""
    return transition(article, action, actor, expected_version=article.version, **more)
