"""Articles as they are printed by now, beside the bases of their files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..frontmatter import Memory, Record, read
from ..frontmatter.record import Values
from ..frontmatter.schema import RELATED
from ..models import Article, ArticleTopic, Transition
from ..printing import KEY_OF_COLUMN, printed
from ..states import Action
from . import bases
from .scan import Kind


@dataclass(slots=True)
class Paper:
    """One article as it is printed: its row, its base if it has one, its front matter by now."""

    article: Article
    ours: Values
    base: Record | None = None
    data: bytes = b""
    edited: set[str] = field(default_factory=set)
    """Keys that a person changed here, at any time."""


def papers_of(articles: dict[int, Article], memory: Memory) -> dict[int, Paper]:
    """The papers of these articles, by id as they are; a constant number of queries."""
    names: dict[int, list[str]] = defaultdict(list)
    places = ArticleTopic.objects.filter(article__among=list(articles))
    for article_id, name in places.values_list("article_id", "topic__name"):
        names[article_id].append(name)
    papers = {pk: Paper(article, printed(article, names[pk])) for pk, article in articles.items()}
    by_slug = {article.slug: papers[pk] for pk, article in articles.items()}
    changed = [slug for slug, paper in by_slug.items() if _may_differ(paper.article)]
    for source in bases.load(Kind.ARTICLE, changed).values():
        if source.base_bytes is not None:
            paper = by_slug[source.key]
            paper.data = source.base_bytes
            paper.base = read(paper.data, memory=memory)
    edits = Transition.objects.filter(article__among=list(articles), action=Action.EDIT)
    for article_id, changes in edits.values_list("article_id", "changes"):
        papers[article_id].edited |= {KEY_OF_COLUMN.get(name, name) for name in changes or ()}
    return papers


def _may_differ(article: Article) -> bool:
    return any((article.marked is not None, article.touched_at, article.state_acted_at))


def as_entry(values: Values) -> Values:
    """An article's values as an entry of `related`: a copy, image titles and logos apart."""
    entry = {key: values[key] for key in RELATED.by_name if values.get(key) is not None}
    if provider := entry.get("provider"):
        entry["provider"] = {key: provider[key] for key in ("name", "domain") if provider.get(key)}
    if images := entry.get("images"):
        known = RELATED.by_name["images"].keys
        assert known is not None
        entry["images"] = [
            {key: image[key] for key in known.by_name if image.get(key) is not None}
            for image in images
        ]
    return entry
