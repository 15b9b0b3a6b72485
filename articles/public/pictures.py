"""Which pictures readers are shown, and from where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..images import store
from ..images.assets import article_addresses, main_address, said_of
from ..images.keeping import address_number
from ..images.recipe import LOGOS, SOCIAL, Focus, name, parsed, purge_key, stamp, widths
from ..images.rendering import find
from ..models import Article, Picture, PictureKind, PictureSource
from . import surrogates
from .leads import Readable
from .links import http_link
from .prepared import GivenIds, Prepared

A_YEAR = 31_536_000
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
"""By the end of a rendition's name."""

_DEFAULT_SIZE = (1600, 900)
_BIGGEST = 20_000
_LOGO_STAMP = stamp(Focus())


class Kept(NamedTuple):
    """A picture that is kept here with its renditions; `width` and `height` in pixels."""

    token: str
    width: int
    height: int
    tint: int
    stamp: str
    alt: str = ""
    attribution: str = ""

    @property
    def widths(self) -> list[int]:
        """The widths in which it can be asked for."""
        return widths(self.width, self.height)

    def address(self, width: int, format: str) -> str:
        """Where it is in that width and format."""
        return _url(name(self.token, "wide", width, self.stamp, format))

    @property
    def social(self) -> str:
        """Where it is in the size that other sites show, SOCIAL."""
        return _url(name(self.token, "social", SOCIAL[0], self.stamp, "jpg"))


@dataclass(frozen=True, slots=True)
class Linked:
    """A picture at its publisher's; `width` and `height` in pixels, the space that is kept free."""

    url: str
    width: int
    height: int


Shown = Kept | Linked


def pictures(articles: Sequence[Readable]) -> dict[int, Shown]:
    """The picture of each of these articles that has one, by its id; one query."""
    return shown(articles, _KEPT.rows(**wanted(articles)))


def wanted(articles: Sequence[Readable]) -> dict[str, list[int]]:
    """The values by which `kept` finds their pictures."""
    addresses = {one for article in articles for one in article_addresses(article.images)}
    numbers = [address_number(PictureKind.PICTURE, one) for one in addresses]
    return {"numbers": numbers, "articles": [article.pk for article in articles]}


def kept() -> QuerySet[PictureSource, Any]:
    """The query of what is kept for `articles` or at the addresses of these `numbers`: COLUMNS."""
    whose = Q(number__in=GivenIds("numbers")) | Q(article__in=GivenIds("articles"))
    rows = PictureSource.objects.filter(whose, kind=PictureKind.PICTURE, picture__stamp__gt="")
    return rows.order_by().values_list(*COLUMNS)


COLUMNS = (
    *("article", "address", "picture__token", "picture__width", "picture__height"),
    *("picture__tint", "picture__stamp", "alt", "attribution"),
)
_KEPT = Prepared(kept)


def shown(articles: Iterable[Readable], rows: Iterable[Sequence[Any]]) -> dict[int, Shown]:
    """Which of these rows (COLUMNS) each article shows, by its id.

    What an editor brought for it goes before its file's own, of which the first is shown that is
    kept. None where its provider wants title and link only.
    """
    brought: dict[int, Kept] = {}
    known: dict[str, Kept] = {}
    for article, address, *columns in rows:
        if article is None:
            known[address] = Kept(*columns)
        else:
            brought[article] = Kept(*columns)
    is_linked = settings.PICTURES == "linked"
    if not (brought or known or is_linked):
        return {}
    found: dict[int, Shown] = {}
    for one in articles:
        if not one.provider.is_link_only:
            picture: Shown | None = brought.get(one.pk) or _own(one, known)
            if picture is None and is_linked:
                picture = _linked(one.images)
            if picture:
                found[one.pk] = picture
    return found


def _own(article: Readable, known: Mapping[str, Kept]) -> Kept | None:
    """The first of its file's images that is kept; what nobody said of it here, its file may."""
    kept = (one for one in article_addresses(article.images) if one in known)
    address = next(kept, None)
    if address is None:
        return None
    picture, said = known[address], said_of(article.images, address)
    return picture._replace(
        alt=picture.alt or ("" if said.title == article.title else said.title),
        attribution=picture.attribution or said.attribution,
    )


def stories_pictured_since(then: datetime, at: datetime) -> set[str]:
    """The addresses of the published stories whose picture changed after that time."""
    changed = PictureSource.objects.filter(
        kind=PictureKind.PICTURE, picture__changed_at__gt=then
    ).values_list("address", "article")
    addresses = {address for address, _ in changed if address}
    brought = {article for _, article in changed if article}
    if not changed:
        return set()
    rows = Article.objects.published(at).values_list("pk", "images", "story__slug", "slug")
    return {
        address or stem
        for pk, images, address, stem in rows.iterator()
        if pk in brought or not addresses.isdisjoint(article_addresses(images))
    }


def thumbnail(picture: Picture) -> str:
    """The address of the smallest rendition of a picture, empty while it has none."""
    narrow = widths(picture.width, picture.height)[0]
    path = name(picture.token, "wide", narrow, picture.stamp, "jpg")
    return _url(path) if picture.stamp else ""


class Marked(Protocol):
    """A provider, as far as it has a logo."""

    @property
    def logo(self) -> str: ...


def logo(provider: Marked, side: int = LOGOS[0]) -> str:
    """The address of a provider's logo in that size (LOGOS), empty when there is none."""
    return logo_of(provider.logo, side)


def logo_of(token: str, side: int = LOGOS[0], format: str = "webp") -> str:
    """`logo` of a provider whose logo has this token."""
    return _url(name(token, "logo", side, _LOGO_STAMP, format)) if token else ""


@lru_cache(maxsize=4096)
def _url_once(name: str, _storage: int) -> str:
    return store.url(name)


def _url(name: str) -> str:
    return _url_once(name, id(store.storage()))


@cache_control(public=True, max_age=A_YEAR, immutable=True)
@require_safe
def rendition(_request: HttpRequest, path: str) -> HttpResponse:
    """A rendition by its name, made now if it should be there and is not; nothing else is served.

    Its name says what it is made of, so that caches may keep it for good.
    """
    said = parsed(path)
    data = find(said) if said else None
    if said is None or data is None:
        raise Http404
    response = HttpResponse(data, content_type=TYPES[said["ext"]])
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    surrogates.name(response, [purge_key(said["token"])])
    return response


def _linked(images: Any) -> Linked | None:
    """The publisher's own, with PICTURES=linked: it then sees the addresses of readers."""
    address = main_address(images)
    url = http_link(address) if address.startswith("https://") else ""
    return Linked(url, *_size(images[0])) if url else None


def _size(image: Mapping[str, Any]) -> tuple[int, int]:
    size = image.get("width"), image.get("height")
    width, height = (side if isinstance(side, int) and 0 < side <= _BIGGEST else 0 for side in size)
    return (width, height) if width and height else _DEFAULT_SIZE
