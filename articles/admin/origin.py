"""Where an article comes from: its file, what of it nobody here knows, whether it is sealed."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import User

from ..exchange.bases import read_in
from ..exchange.looking import gives_away
from ..frontmatter import ARTICLE, Refused, read
from ..models import Article, Conflict, Source

SEALED_KEY = "secured"
TOP_KEY = re.compile(rb"^([^\s:#\-][^\s:]*):", re.MULTILINE)
KNOWN = {name.encode() for name in ARTICLE.by_name}


def panel(article: Article, _: User) -> dict[str, Any]:
    """The source of the article; at most three queries."""
    source = (
        Source.objects.filter(kind=Source.Kind.ARTICLE, key=article.slug)
        .select_related("run")
        .first()
    )
    if source is None:
        return {"source": None, "conflicts": []}
    read_in([source])
    base = source.base_bytes or b""
    return {
        "source": source,
        "is_sealed": SEALED_KEY.encode() in _top_keys(base),
        "unknown_keys": unknown_keys(base),
        "conflicts": _conflicts(source) if source.theirs_digest else [],
    }


def unknown_keys(base: bytes) -> dict[str, Any]:
    """The keys of a file that the format does not name, with their values as they stand there."""
    # Reading a file of 179 related entries costs more than the page; few have unknown keys.
    if not _top_keys(base) - KNOWN:
        return {}
    try:
        record = read(base)
    except Refused:
        return {}
    sealed = str(record.values.get(SEALED_KEY) or "")
    return {
        key: "sealed" if sealed and gives_away(str(value), sealed) else value
        for key, value in record.unknown.items()
    }


def _top_keys(base: bytes) -> set[bytes]:
    return {name.strip(b"'\"") for name in TOP_KEY.findall(base)}


def _conflicts(source: Source) -> list[Conflict]:
    conflicts = list(Conflict.objects.filter(source=source, resolution=""))
    for conflict in conflicts:
        if conflict.key == SEALED_KEY:
            conflict.ours = conflict.theirs = "sealed"
    return conflicts
