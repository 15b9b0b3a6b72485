"""Zips for tests: honest ones, and such as somebody makes who means harm."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files by their paths, packed by deflate."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for path, data in files.items():
            packed.writestr(path, data)
    return out.getvalue()


def zip_with_link(path: str, target: str) -> bytes:
    """A zip that holds one symbolic link."""
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        entry = ZipInfo(path)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, target)
    return out.getvalue()


def brought(name: str, data: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)
