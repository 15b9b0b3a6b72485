"""The two sides of a conflict as they are now: the waiting file's, and ours in force."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from ..frontmatter.merge import BODY, SOURCE_GROUP
from ..frontmatter.record import Values
from ..models import Article, ArticleTopic, Conflict, Source
from ..printing import printed
from .bases import as_json
from .catalogue import CATALOGUES
from .scan import Kind

SECRET = "secured"
"""The key whose value nobody is ever shown."""


def values_here(sources: Iterable[Source]) -> dict[int, Values]:
    """What the rows of these files say now, by the source's id, as front matter with `body`.

    Constant queries. A file whose row is gone has no entry.
    """
    by_kind: dict[Kind, dict[str, int]] = defaultdict(dict)
    for source in sources:
        by_kind[Kind(source.kind)][source.key] = source.pk
    found: dict[int, Values] = {}
    for kind, ids in by_kind.items():
        rows = _articles(list(ids)) if kind is Kind.ARTICLE else _shelved(kind, list(ids))
        found |= {ids[key]: values for key, values in rows.items()}
    return found


def ours_of(conflict: Conflict, here: Values | None) -> Any:
    """Our value in force as JSON; that of the conflict's beginning where no column holds it."""
    if here is None or conflict.key == "removed":
        return conflict.ours
    if conflict.key == SOURCE_GROUP:
        return as_json({key: here.get(key) for key in conflict.theirs or ()})
    return as_json(here.get(conflict.key))


def mark_of(value: Any) -> str:
    """A short mark of a value (JSON), to tell whether it is still what somebody saw."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _articles(slugs: Sequence[str]) -> dict[str, Values]:
    articles = list(Article.objects.filter(slug__among=list(slugs)))
    names: dict[int, list[str]] = defaultdict(list)
    places = ArticleTopic.objects.filter(article__in=articles)
    for pk, name in places.values_list("article_id", "topic__name"):
        names[pk].append(name)
    return {one.slug: printed(one, names[one.pk]) | {BODY: one.body} for one in articles}


def _shelved(kind: Kind, stems: Sequence[str]) -> dict[str, Values]:
    catalogue = CATALOGUES[kind]
    rows: Iterable[Any] = catalogue.model._default_manager.filter(stem__in=stems)
    return {row.stem: catalogue.values_of(row, {}) for row in rows}
