"""Which stories an article may belong to: for an editor to judge, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..likeness import Belonging, belongings, meet
from ..models import Article
from .candidates import (
    candidates,
    candidates_of,
    reading_of,
    surroundings,
    surroundings_of,
)

LIKELY, POSSIBLE, THINKABLE = 0.0, -3.0, -7.0
"""Scores, in log odds, from which a story is likely, is worth a look, and is named at all: of 50
reports with earlier ones of their event one in 20 finds them below the second, none below the
third."""
SHOWN = 5
BATCH = 25
"""Articles asked for together: SQLite takes statements of so many parts."""
UNREAD = ("body", "embed", "images", "provider_images")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A story by its lead, provider and story loaded; `score` in log odds, `why` as an editor reads
    it: `4 rare words shared: …; same day; another provider`. `near` is the title that it is about,
    where that is another member's; `same` is the slug of the article that is the same piece."""

    lead: Article
    score: float
    why: str
    near: str = ""
    same: str = ""

    @property
    def is_same_piece(self) -> bool:
        """A duplicate, no other report: one link, one text, or a wire copy."""
        return bool(self.same)

    @property
    def is_likely(self) -> bool:
        """More likely than not the same event."""
        return self.score >= LIKELY

    @property
    def is_possible(self) -> bool:
        """Worth a look; else named last, for whoever knows that there must be one."""
        return self.score >= POSSIBLE


def suggest(article: Article, most: int = SHOWN) -> list[Suggestion]:
    """At most five (`most`) stories that the article may belong to, likest first; four queries.

    Stories that an editor has taken it out of, or kept it apart from, are never among them.
    """
    about = surroundings(article.published_at, [article.pk])
    reading = reading_of(article)
    about.rarity.count(reading.text)
    others = [(reading_of(row), row.story_id) for row in candidates([article], about)]
    found = belongings(reading, meet(reading, others, about.rarity))
    return named([one for one in found if one.score >= THINKABLE][:most])


def suggest_each(articles: Sequence[Article], most: int = SHOWN) -> dict[int, list[Suggestion]]:
    """The same for each of these articles by itself, by id; six queries for BATCH of them."""
    found: dict[int, list[Suggestion]] = {}
    for start in range(0, len(articles), BATCH):
        found |= _suggest_batch(articles[start : start + BATCH], most)
    return found


def _suggest_batch(articles: Sequence[Article], most: int) -> dict[int, list[Suggestion]]:
    about = surroundings_of(articles)
    for article in articles:
        about[article.pk].rarity.count(reading_of(article).text)
    others = candidates_of(articles, about)
    likest = {}
    for article in articles:
        reading, rarity = reading_of(article), about[article.pk].rarity
        met = meet(reading, [(reading_of(row), row.story_id) for row in others[article.pk]], rarity)
        found = belongings(reading, met)
        likest[article.pk] = [one for one in found if one.score >= THINKABLE][:most]
    by_story = _leads(one for found in likest.values() for one in found)
    return {
        pk: [_suggestion(one, by_story[one.story]) for one in found] for pk, found in likest.items()
    }


def named(found: list[Belonging]) -> list[Suggestion]:
    """The stories by their leads; one query."""
    by_story = _leads(found)
    return [_suggestion(one, by_story[one.story]) for one in found]


def _leads(found: Iterable[Belonging]) -> dict[int, Article]:
    leads = Article.objects.filter(story__among=[one.story for one in found], is_lead=True)
    rows = leads.select_related("provider", "story").defer(*UNREAD)
    return {lead.story_id: lead for lead in rows}


def _suggestion(one: Belonging, lead: Article) -> Suggestion:
    piece, likeness = one.likest.reading.piece, one.likest.likeness
    near = "" if piece.key == lead.slug else piece.title
    same = piece.key if likeness.is_same_piece else ""
    return Suggestion(lead, one.score, likeness.why, near, same)
