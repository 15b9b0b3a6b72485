"""Deletes what is kept of a withdrawn article's pictures, and remembers not to keep them again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.transaction import on_commit

from ..models import Article, Picture, PictureKind, PictureSource
from ..states import State
from . import cards
from .assets import addresses_of
from .keeping import WITHDRAWN, named
from .rendering import forget


def kept_of(article: Article) -> QuerySet[PictureSource]:
    """What is kept here of the pictures that an article names, or that were brought for it."""
    own = named(PictureKind.PICTURE, set(addresses_of(article.images)))
    return PictureSource.objects.filter(
        own | Q(article=article), kind=PictureKind.PICTURE, picture__isnull=False
    )


def others_with(address: str, article: Article) -> QuerySet[Article]:
    """Other articles, not withdrawn, whose files name the picture at that address."""
    naming = Article.objects.filter(images__contains=f'"{address}"').exclude(pk=article.pk)
    return naming.exclude(state=State.WITHDRAWN)


def withdraw_later(articles: Iterable[Article]) -> None:
    """Once their withdrawal is committed, delete what is kept for these articles alone."""
    ids = [article.pk for article in articles]
    if ids:
        on_commit(lambda: _withdraw(ids), robust=True)


def _withdraw(ids: list[int]) -> None:
    for article in Article.objects.filter(pk__in=ids, state=State.WITHDRAWN):
        cards.forget(article.pk)
        for source in kept_of(article).select_related("picture"):
            if source.article_id is None and others_with(source.address, article).exists():
                continue
            _drop(source)


def erase_pictures(article: Article) -> None:
    """Once the article's deletion is committed, delete what is kept, or remembered, of its pictures
    alone."""
    own = named(PictureKind.PICTURE, set(addresses_of(article.images)))
    rows = PictureSource.objects.filter(own | Q(article=article), kind=PictureKind.PICTURE)
    pk = article.pk
    kept = [one for one in rows if one.article_id or not others_with(one.address, article).exists()]
    pictures = [one.picture_id for one in kept if one.picture_id]
    for source in kept:
        source.delete()
    on_commit(lambda: _forget(pk, pictures), robust=True)


def _forget(article: int, pictures: list[int]) -> None:
    cards.forget(article)
    for picture in Picture.objects.filter(pk__in=pictures, sources=None):
        forget(picture)


def _drop(source: PictureSource) -> None:
    picture = source.picture
    if source.article_id is not None:
        source.delete()
    else:
        source.picture, source.failure, source.retry_at = None, WITHDRAWN, None
        source.save()
    if picture is not None and not picture.sources.exists():
        forget(picture)


def take_back(article: Article) -> None:
    """The article was reinstated: its pictures may be kept again."""
    own = named(PictureKind.PICTURE, set(addresses_of(article.images)))
    PictureSource.objects.filter(own, failure=WITHDRAWN).delete()
