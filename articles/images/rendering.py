"""Makes the renditions of pictures that are kept, in the background or when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils import timezone

from .. import tasks
from ..models import Picture, PictureKind
from . import store
from .darkroom import Refused, develop
from .keeping import original_name, put_renditions
from .recipe import Focus, Rendition, folder, name, purge_key, renditions, stamp


def focus_of(picture: Picture) -> Focus:
    return Focus(picture.focus_x, picture.focus_y)


def names_of(picture: Picture, by: str = "") -> Iterator[str]:
    """The names of its renditions, made by that stamp, else the one that they stand by."""
    for one in _wanted(picture):
        yield name(picture.token, one.place, one.size[0], by or picture.stamp, one.format)


def standing_names() -> Iterator[str]:
    """The names of every rendition that a page may show."""
    for picture in Picture.objects.exclude(stamp="").iterator():
        yield from names_of(picture)


def _wanted(picture: Picture) -> list[Rendition]:
    return renditions(picture.kind, picture.width, picture.height, focus_of(picture))


def render(picture: Picture) -> bool:
    """Make what is missing of its renditions; False when what is kept of it cannot be read.

    Whoever else makes the same is waited for.
    """
    by = stamp(focus_of(picture))
    if not _complete(picture, by):
        Picture.objects.filter(pk=picture.pk).update(is_due=False)
        return False
    # Only if nobody moved the focal point meanwhile. What was made before stays for pages that
    # caches still hold; `images prune` takes it away.
    same = Picture.objects.filter(pk=picture.pk, focus_x=picture.focus_x, focus_y=picture.focus_y)
    same.update(stamp=by, is_due=False, changed_at=timezone.now())
    return True


def kept(picture: Picture) -> bytes | None:
    """A picture as it is kept; None where it is lost."""
    try:
        return store.read(original_name(picture.digest, picture.kind))
    except FileNotFoundError:
        return None


def _complete(picture: Picture, by: str) -> bool:
    with store.alone(picture.digest):
        return all(map(store.has, names_of(picture, by))) or _make(picture, by)


def _make(picture: Picture, by: str) -> bool:
    data = kept(picture)
    if data is None:
        return False
    try:
        made = develop(data, picture.kind, focus_of(picture), is_kept=True)
    except Refused:
        return False
    put_renditions(picture.token, made.made, by)
    return True


def find(said: Mapping[str, str]) -> bytes | None:
    """The bytes of a rendition by what its name says (`recipe.parsed`); None for what none is.

    It is made when its picture is kept and it is not there; never in a size of nobody's choosing.
    """
    kind = PictureKind.LOGO if said["place"] == "logo" else PictureKind.PICTURE
    path = name(said["token"], said["place"], int(said["width"]), said["stamp"], said["ext"])
    try:
        return store.read(path)
    except FileNotFoundError:
        pass
    for picture in Picture.objects.filter(kind=kind, token=said["token"]):
        by = stamp(focus_of(picture))
        # Nothing is written down: whoever reads may be served from a copy of the database.
        if path in names_of(picture, by) and _complete(picture, by):
            return store.read(path)
    return None


def due() -> Picture | None:
    """A picture whose renditions wait to be made."""
    return Picture.objects.filter(is_due=True).order_by("pk").first()


def forget(picture: Picture) -> None:
    """Delete a picture and all that was made of it."""
    store.delete(original_name(picture.digest, picture.kind))
    if settings.PURGE_URL:
        tasks.add("purge", purge_key(picture.token))
    for each in list(store.names(folder(picture.token))):
        store.delete(each)
    picture.delete()
