"""Revisions as they are stored, and the article as it stands, for comparing."""

from __future__ import annotations

import zlib

from ..models import Article, Revision
from ..workflow.audit import MEMBERS, kept, record_of
from .compare import Version


def text_of(revision: Revision) -> str:
    """The revision as the file it stands for."""
    return zlib.decompress(revision.data).decode()


def version_of(revision: Revision) -> Version:
    """A stored revision, to be compared."""
    return _version(zlib.decompress(revision.data))


def version_now(article: Article) -> Version:
    """The row as it stands, to be compared; what readers see of a live article. Two queries."""
    return _version(kept(article))


def revision_now(article: Article) -> int | None:
    """The id of the newest revision that says what the row says now. Three queries."""
    same = article.revisions.filter(data=zlib.compress(kept(article)))
    return same.values_list("pk", flat=True).first()


def _version(data: bytes) -> Version:
    record = record_of(data)
    return Version(record.values, record.body, record.unknown.get(MEMBERS))
