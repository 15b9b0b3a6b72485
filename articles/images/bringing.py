"""A picture that an editor brings for an article, and what is said of the one it shows."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.transaction import atomic
from django.utils import timezone

from ..models import Article, Picture, PictureKind, PictureSource, Transition
from ..states import Action
from ..workflow import allowed_actions
from .assets import article_addresses, said_of
from .keeping import address_number, keep, named
from .recipe import Focus
from .rendering import focus_of, forget, render

ACTION = "picture"
"""The name of these acts in an article's history."""


def may_bring(article: Article, actor: User) -> bool:
    """Whether the actor may change the content of this article now, if only as a draft."""
    return bool({Action.EDIT, Action.SAVE_DRAFT} & set(allowed_actions(article, actor)))


def source_for(article: Article) -> PictureSource | None:
    """Where the picture comes from that the article shows: an editor, else the first address of
    its file that one is kept from; where none is, what is known of the first."""
    rows = PictureSource.objects.select_related("picture", "brought_by")
    brought = rows.filter(article=article).first()
    if brought is not None:
        return brought
    own = _own(article)
    return next((one for one in own if one.picture), own[0] if own else None)


def others_for(article: Article, source: PictureSource | None) -> list[PictureSource]:
    """The pictures of its file that the article could show instead."""
    shown = source.picture if source else None
    return [one for one in _own(article) if one.picture and one.picture != shown]


def _own(article: Article) -> list[PictureSource]:
    """What is known of the addresses of its file, in their order."""
    addresses = article_addresses(article.images)
    rows = PictureSource.objects.filter(named(PictureKind.PICTURE, set(addresses)))
    found = {one.number: one for one in rows.select_related("picture", "brought_by")}
    numbers = [address_number(PictureKind.PICTURE, one) for one in dict.fromkeys(addresses)]
    return [found[number] for number in numbers if number in found]


def bring(article: Article, data: bytes, actor: User, *, is_waiting: bool) -> PictureSource:
    """Keep a picture for the article, in place of one that was brought before.

    `is_waiting`: a worker makes its renditions. Raises PermissionDenied, darkroom.Refused.
    """
    _check(article, actor)
    picture = keep(data, PictureKind.PICTURE, is_waiting=is_waiting)
    return _show(article, picture, actor, "brought a picture")


def choose(article: Article, number: int, actor: User) -> PictureSource | None:
    """Let the article show another picture of its file, by the number of its address; None where
    none is kept from there. Raises PermissionDenied."""
    _check(article, actor)
    chosen = next((one for one in _own(article) if one.number == number and one.picture), None)
    if chosen is None or chosen.picture is None:
        return None
    title, attribution = said_of(article.images, chosen.address)
    said = {"alt": chosen.alt or title, "attribution": chosen.attribution or attribution}
    return _show(article, chosen.picture, actor, "chose another picture of its file", **said)


def _show(article: Article, picture: Picture, actor: User, what: str, **said: str) -> PictureSource:
    now = timezone.now()
    with atomic():
        before = PictureSource.objects.filter(article=article).select_related("picture").first()
        source, _ = PictureSource.objects.update_or_create(
            article=article,
            defaults={
                "kind": PictureKind.PICTURE,
                "picture": picture,
                "digest": picture.digest,
                "tried_at": now,
                "brought_by": actor,
                **said,
            },
        )
        _note(article, actor, now, what)
    _drop(before.picture if before else None, picture)
    return source


def describe(
    article: Article, actor: User, *, alt: str, attribution: str, focus: Focus, is_waiting: bool
) -> None:
    """Say what the article's picture shows, whose it is, and what matters in it.

    The focus is the picture's, wherever it is shown. Raises PermissionDenied.
    """
    _check(article, actor)
    source = source_for(article)
    if source is None or source.picture is None:
        return
    now, picture = timezone.now(), source.picture
    with atomic():
        source.alt, source.attribution = alt, attribution
        source.save()
        picture.changed_at = now
        if focus != focus_of(picture):
            picture.focus_x, picture.focus_y = focus
            picture.is_due = True
        picture.save()
        _note(article, actor, now, "described its picture")
    if picture.is_due and not is_waiting:
        render(picture)


def take_away(article: Article, actor: User) -> None:
    """The article shows its file's own picture again, if there is one. Raises PermissionDenied."""
    _check(article, actor)
    with atomic():
        source = PictureSource.objects.filter(article=article).select_related("picture").first()
        if source is None:
            return
        picture = source.picture
        source.delete()
        _note(article, actor, timezone.now(), "took its picture away")
    _drop(picture, None)


def _check(article: Article, actor: User) -> None:
    if not may_bring(article, actor):
        raise PermissionDenied("This needs the right to edit the article.")


def _drop(picture: Picture | None, now: Picture | None) -> None:
    if picture is not None and picture != now and not picture.sources.exists():
        forget(picture)


def _note(article: Article, actor: User, now: datetime, what: str) -> None:
    Transition.objects.create(
        article=article,
        action=ACTION,
        from_state=article.state,
        to_state=article.state,
        actor=actor,
        comment=what,
        version=article.version,
        at=now,
    )
