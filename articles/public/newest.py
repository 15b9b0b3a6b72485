"""What pages show that have nothing else to show."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ..models import Article
from . import links

NEWEST = 6


class New(NamedTuple):
    """One of the latest stories."""

    title: str
    address: str
    at: datetime | None


def newest() -> list[New]:
    """A few of the latest stories; one query."""
    rows = Article.objects.published().select_related("story").order_by("-go_live_at", "slug")
    found = rows.only("slug", "title", "go_live_at", "story__slug")[:NEWEST]
    return [New(row.title, links.address(row), row.go_live_at) for row in found]
