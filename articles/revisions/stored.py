"""Revisions as they are stored, and the article as it stands, for comparing."""

from __future__ import annotations

import zlib

from ..frontmatter import ARTICLE, Limits, read
from ..models import Article, Revision
from ..workflow.audit import MEMBERS, kept
from .compare import Version

ANY = Limits(file_bytes=10**9, nodes=10**8, title=10**9, link=10**9, excerpt=10**9)
"""A revision was checked when it was made; a bound set lower since does not hide it."""


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
    record = read(data, ARTICLE, ANY)
    return Version(record.values, record.body, record.unknown.get(MEMBERS))
