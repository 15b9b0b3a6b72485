"""What the newsroom remembers of an article's link, beside its form."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from ..desk.memory import remembered_of
from ..models import Article


def panel(article: Article, _: User) -> dict[str, Any]:
    """What was decided about other articles of the same link; one query."""
    links = (article.web_url or "", article.original_url or "")
    return {"memories": remembered_of(links, besides=article.pk)}
