"""What may be the same piece, or report the same event: for an editor to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from ..models import Article
from .likeness import alike

NEAR = timedelta(days=3)
"""How far apart two reports of one event are published, at most."""
LOOKED_AT = 300
"""Titles read on each side of the article's own time: bounds the search whatever the table."""
ALIKE = 0.4
SHOWN = 5
UNREAD = ("body", "embed", "images", "provider_images")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of another story, its provider and story loaded; `likeness` of titles, 0 to 1."""

    article: Article
    is_same_link: bool
    likeness: float

    @property
    def why(self) -> str:
        """As an editor reads it: `same link`, `title 84% alike`."""
        return "same link" if self.is_same_link else f"title {self.likeness:.0%} alike"


def duplicates(article: Article) -> list[Candidate]:
    """At most five candidates, those with the same link first, then by likeness; three queries."""
    scores = _scores(article)
    best = sorted(scores, key=lambda pk: (-scores[pk], pk))[:SHOWN]
    others = Article.objects.exclude(story=article.story_id).exclude(pk=article.pk)
    found = others.filter(Q(link_hash=article.link_hash) | Q(pk__in=best))
    found = found.select_related("provider", "story").defer(*UNREAD)
    candidates = [
        Candidate(other, other.link_hash == article.link_hash, scores.get(other.pk, 0.0))
        for other in found[: 2 * SHOWN]
    ]
    candidates.sort(key=lambda one: (not one.is_same_link, -one.likeness, one.article.pk))
    return candidates[:SHOWN]


def _scores(article: Article) -> dict[int, float]:
    at = article.published_at
    if at is None:
        return {}
    near = Article.objects.exclude(story=article.story_id)
    before = near.filter(published_at__lte=at, published_at__gte=at - NEAR)
    after = near.filter(published_at__gt=at, published_at__lte=at + NEAR)
    titles: dict[int, str] = {}
    for rows in (before.order_by("-published_at"), after.order_by("published_at")):
        titles.update(rows.values_list("pk", "title")[:LOOKED_AT])
    return {pk: score for pk, score in alike(article.title, titles).items() if score >= ALIKE}
