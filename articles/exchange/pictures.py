"""Pictures that provider and topic files name under the folder's own `assets/`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import chain
from pathlib import Path, PurePosixPath

from django.conf import settings

from providers.models import Provider

from ..models import Topic
from .scan import ASSETS
from .writing import replace_file

MAX_BYTES = 2_000_000
MAX_PIXELS = 4_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def keep_pictures(roots: Iterable[Path]) -> None:
    """Copy the pictures that providers and topics name from these content folders into MEDIA_ROOT.

    Only raster pictures of bounded size are taken, only from inside the folder; anything else is
    left, and pages draw the provider's mark instead.
    """
    named = chain.from_iterable(
        model._default_manager.exclude(stem="").values_list("images", flat=True)
        for model in (Provider, Topic)
    )
    paths = {
        path
        for images in named
        for image in images or ()
        if (path := local_path(image.get("url") or ""))
    }
    for root in set(roots):
        for path in sorted(paths):
            _keep(root, path)


def local_path(url: str) -> str:
    """The path of a site-relative picture below a content folder, or empty."""
    parts = PurePosixPath(url).parts
    if len(parts) < 3 or parts[:2] != ("/", ASSETS) or ".." in parts:
        return ""
    return str(PurePosixPath(*parts[1:]))


def _keep(root: Path, path: str) -> None:
    source, target = root / path, Path(settings.MEDIA_ROOT) / path
    is_inside = root.resolve() in source.resolve().parents
    if not is_inside or not source.is_file() or not is_picture(source):
        return
    data = source.read_bytes()
    if not target.is_file() or target.read_bytes() != data:
        replace_file(target, data)


def is_picture(file: Path) -> bool:
    """Whether a file is a picture of a known format and size; nothing is decoded to find out."""
    if file.stat().st_size > MAX_BYTES:
        return False
    # Loaded by runs that meet a picture: the hourly ones that meet none would wait for it.
    pillow = import_module("PIL.Image")
    try:
        with pillow.open(file, formats=FORMATS) as image:
            return bool(image.width * image.height <= MAX_PIXELS)
    except (OSError, ValueError, pillow.DecompressionBombError):
        return False
