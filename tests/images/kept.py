"""Pictures as they are kept, for tests of what shows them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from articles.images.keeping import keep, source_of, take
from articles.models import Article, Picture, PictureKind, PictureSource
from providers.models import Provider

from .drawn import drawn

ADDRESS = "https://pictures.example/a.jpg"


def keep_at(address: str = ADDRESS, data: bytes = b"", **columns: Any) -> Picture:
    """The picture of an address that files name, a drawn one unless others are given."""
    source = source_of(PictureKind.PICTURE, address)
    assert take(source, data or drawn(), timezone.now())
    PictureSource.objects.filter(pk=source.pk).update(**columns)
    assert source.picture
    return source.picture


def bring_for(article: Article, data: bytes = b"", **columns: Any) -> Picture:
    """The picture that an editor brought for an article."""
    picture = keep(data or drawn(), PictureKind.PICTURE)
    PictureSource.objects.create(
        kind=PictureKind.PICTURE, article=article, picture=picture, **columns
    )
    return picture


def give_logo(provider: Provider) -> Picture:
    """A logo of its own."""
    picture = keep(drawn("PNG", (50 + provider.pk % 50, 60)), PictureKind.LOGO)
    Provider.objects.filter(pk=provider.pk).update(logo=picture.token)
    provider.refresh_from_db()
    return picture
