"""A front page of 25 stories with pictures: `with_django pictures_fill FOLDER` of photographs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from articles.images.keeping import source_of, take
from articles.models import PictureKind
from articles.stories import refresh
from tests.factories import make_article, make_provider
from tests.images.kept import give_logo

STORIES = 25


def main(folder: str) -> None:
    now = timezone.now()
    live: dict[str, Any] = {"state": "published", "go_live_at": now, "first_published_at": now}
    for number, path in enumerate(sorted(Path(folder).glob("*.jpg"))[:STORIES]):
        address = f"https://pictures.example/{number}.jpg"
        take(source_of(PictureKind.PICTURE, address), path.read_bytes(), now)
        provider = make_provider(name=f"Paper {number}")
        give_logo(provider)
        article = make_article(
            **live,
            provider=provider,
            images=[{"url": address}],
            published_at=now,
            title=f"A headline as long as headlines are, of the story with the number {number}",
            excerpt="What happened, told in as many words as an excerpt usually has. " * 2,
        )
        refresh([article.story_id])
