"""Which stories an article may belong to: for an editor to judge, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q

from ..likeness import Belonging, Rarity, Reading, belongings, meet, read
from ..likeness.rarity import RECENT
from ..likeness.words import bare, terms
from ..models import Article, Falling, PairFact
from .labelled import piece_of

BEFORE, AFTER = 1500, 500
"""Titles read on each side of the article's own time: bounds the search whatever the table."""
WINDOW = timedelta(days=14)
COMPARED = 100
"""Articles whose texts are read: those that share the most rare words of their titles."""
LIKELY, POSSIBLE = 0.0, -3.0
"""Scores, in log odds, from which a story is likely and from which it is worth showing."""
SHOWN = 5
TEXTS = ("slug", "title", "excerpt", "body", "published_at", "provider_domain")
LINKS = ("web_url", "original_url", "story")
UNREAD = ("body", "embed", "images", "provider_images")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A story by its lead, provider and story loaded; `score` in log odds, `why` as an editor reads
    it: `4 rare words shared: …; same day; another provider`. `near` is the title that it is about,
    where that is another member's."""

    lead: Article
    score: float
    why: str
    near: str = ""
    is_same_piece: bool = False

    @property
    def is_likely(self) -> bool:
        """More likely than not the same event."""
        return self.score >= LIKELY


def suggest(article: Article) -> list[Suggestion]:
    """At most five stories that the article may belong to, likest first; four queries.

    Stories that an editor has taken it out of, or kept it apart from, are never among them.
    """
    near, rarity = _near(article)
    reading = read(piece_of(article))
    rarity.count(reading.text)
    alike = _sharing_most(reading, near, rarity)
    rows = _texts(article, alike)
    readings = {row.pk: read(piece_of(row)) for row in rows}
    met = meet(reading, [(readings[row.pk], row.story_id) for row in rows], rarity)
    found = [one for one in belongings(reading, met) if one.score >= POSSIBLE]
    return _named(found[:SHOWN])


def _near(article: Article) -> tuple[dict[int, list[str]], Rarity]:
    """The terms of the titles published about the article's time, and how rare they are then."""
    rarity = Rarity()
    at = article.published_at
    if at is None:
        return {}, rarity
    others = Article.objects.exclude(pk=article.pk)
    before = others.filter(published_at__lte=at, published_at__gte=at - WINDOW)
    after = others.filter(published_at__gt=at, published_at__lte=at + WINDOW)
    found: dict[int, list[str]] = {}
    forth, back = F("published_at").asc(), Falling("published_at")
    for rows, order, most in ((after, forth, AFTER), (before, back, BEFORE)):
        near = rows.order_by(order).values_list("pk", "title", "story")[:most]
        for place, (pk, title, story) in enumerate(near):
            words = terms(bare(title))
            if place < RECENT // 2:
                rarity.count(words)
            if story != article.story_id:
                found[pk] = words
    return found, rarity


def _sharing_most(reading: Reading, near: dict[int, list[str]], rarity: Rarity) -> list[int]:
    """Those whose titles have the most that is rare of the article's text."""
    weights = {term: rarity.weight(term) ** 2 for term in reading.text}
    shared = {
        pk: sum(weights[word] for word in set(words) if word in weights)
        for pk, words in near.items()
    }
    best = sorted((pk for pk in shared if shared[pk]), key=lambda pk: (-shared[pk], pk))
    return best[:COMPARED]


def _texts(article: Article, alike: Iterable[int]) -> list[Article]:
    """The articles to compare with, those of the same link among them."""
    apart = PairFact.objects.filter(is_together=False)
    others = (
        Article.objects.exclude(story=article.story_id)
        .exclude(story__in=apart.filter(second=article).values("first__story"))
        .exclude(story__in=apart.filter(first=article).values("second__story"))
    )
    found = others.filter(Q(pk__in=list(alike)) | Q(link_hash=article.link_hash))
    return list(found.only(*TEXTS, *LINKS).order_by("pk")[: COMPARED + SHOWN])


def _named(found: list[Belonging]) -> list[Suggestion]:
    leads = Article.objects.filter(story__in=[one.story for one in found], is_lead=True)
    by_story = {
        lead.story_id: lead for lead in leads.select_related("provider", "story").defer(*UNREAD)
    }
    return [_suggestion(one, by_story[one.story]) for one in found]


def _suggestion(one: Belonging, lead: Article) -> Suggestion:
    piece, likeness = one.likest.reading.piece, one.likest.likeness
    near = "" if piece.key == lead.slug else piece.title
    return Suggestion(lead, one.score, likeness.why, near, likeness.is_same_piece)
