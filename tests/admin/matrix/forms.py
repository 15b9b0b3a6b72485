"""What a browser reads from the change form, and what is sent to it without having read it."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from articles.models import Article

BUTTON = re.compile(r'name="_act"\s+value="([a-z_]+)(?::[a-z]+)?"')
TITLE = re.compile(r'<textarea name="title"')


def page_of(article: Article) -> str:
    """The address of the form."""
    return reverse("admin:articles_article_change", args=[article.pk])


def offered(html: str) -> set[str]:
    """The acts that the page has a button for."""
    return set(BUTTON.findall(html))


def is_editable(html: str) -> bool:
    """Whether the page lets the text be changed."""
    return bool(TITLE.search(html))


def forged(article: Article, title: str = "") -> dict[str, Any]:
    """Everything that the form of an editor would send, whoever sends it; `title` if drafted."""
    published = timezone.localtime(article.published_at).strftime("%Y-%m-%dT%H:%M:%S")
    shown: dict[str, Any] = {
        "title": title or article.title,
        "excerpt": article.excerpt or "",
        "topic_order": [str(topic.pk) for topic in article.topics.all()],
        "web_url": article.web_url or "",
        "original_url": article.original_url or "",
        "amp_url": "",
        "cdn_amp_url": "",
        "type": article.type,
        "category": article.category,
        "quality": str(article.quality),
        "provider": article.provider.domain,
        "published_at": published,
        "updated_at": "",
        "body": article.body or "",
        "embed": "",
    }
    unchanged = {f"initial-{name}": value for name, value in shown.items()}
    return shown | unchanged | {"version": str(article.version), "state_seen": article.state}
