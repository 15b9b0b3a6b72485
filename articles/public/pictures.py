"""Which pictures readers are shown, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from providers.models import Provider, nearest_logo

from ..exchange.pictures import local_path
from ..exchange.scan import ASSETS
from .leads import Publisher, Readable
from .links import http_link

LOGO_WIDTH = 50
"""Pixels; marks are smaller, and files have a logo of this width."""

_DEFAULT_SIZE = (1600, 900)
_BIGGEST = 20_000

_kept: set[str] = set()


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` in pixels: the space that a page keeps free for it."""

    url: str
    width: int
    height: int


@cache_control(public=True, max_age=86_400)
@require_safe
def kept(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture that imports kept, so that a site without another web server shows logos too."""
    return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / ASSETS))


def logo(provider: Provider | Publisher) -> str:
    """The address of a provider's logo here, empty when there is none."""
    return logo_among(provider.images)


def logo_among(images: Any) -> str:
    """`logo` of a provider that has these images."""
    return _here(nearest_logo(images, LOGO_WIDTH))


def picture(article: Readable) -> Picture | None:
    """The article's main picture: one that is kept here, else with PICTURES=linked its
    publisher's. None when its provider wants links only."""
    images = article.images if isinstance(article.images, list) else []
    main = images[0] if images and isinstance(images[0], Mapping) else {}
    address = str(main.get("url") or "")
    url = _here(address) or _linked(address)
    if not url or article.provider.is_link_only:
        return None
    return Picture(url, *_size(main))


def _here(address: str) -> str:
    path = local_path(address) if address else ""
    if not path or not _is_kept(path):
        return ""
    return f"{settings.MEDIA_URL}{quote(path)}"


def _is_kept(path: str) -> bool:
    """Pictures stay once they are here, so that the disk is asked once for each."""
    if path not in _kept and (Path(settings.MEDIA_ROOT) / path).is_file():
        _kept.add(path)
    return path in _kept


def _linked(address: str) -> str:
    is_wanted = settings.PICTURES == "linked" and address.startswith("https://")
    return http_link(address) if is_wanted else ""


def _size(image: Mapping[str, Any]) -> tuple[int, int]:
    size = image.get("width"), image.get("height")
    width, height = (side if isinstance(side, int) and 0 < side <= _BIGGEST else 0 for side in size)
    return (width, height) if width and height else _DEFAULT_SIZE
