"""What does not belong in a story, and which two stories look like one: for an editor to judge."""

from __future__ import annotations

from dataclasses import dataclass

from ..likeness import alike, strangers
from ..models import Article, Story
from .candidates import LINKS, TEXTS, candidates, reading_of, surroundings
from .suggesting import LIKELY, Suggestion, named

ASKING = 5
"""Members that stand for a story: its lead and the best others."""
COMPARED = 40
"""Members that are compared with one another, the best of a larger story."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A member that is like nothing that holds its story together; `why` as an editor reads it, of
    the member that it is least unlike."""

    article: Article
    why: str


def strangers_in(story: Story) -> list[Stranger]:
    """The members that do not belong, the strangest first; two queries.

    Of a story with more than COMPARED members the best are looked at.
    """
    members = _members(story, COMPARED)
    if len(members) < 2:
        return []
    about = surroundings(members[0].published_at, [member.pk for member in members])
    readings = [reading_of(member) for member in members]
    for reading in readings:
        about.rarity.count(reading.text)
    found = strangers(readings, about.rarity)
    return [Stranger(members[place], likeness.why) for place, likeness in found]


def stories_like(story: Story) -> list[Suggestion]:
    """The stories that look like this one, strangers in it apart, likest first; five queries.

    Two stories are never joined by themselves, and none is named that an editor kept apart.
    """
    members, whole = _members(story, ASKING), Article.objects.filter(story=story)
    about = surroundings(members[0].published_at, [member.pk for member in members])
    readings = [reading_of(member) for member in members]
    for reading in readings:
        about.rarity.count(reading.text)
    out = {place for place, _ in strangers(readings, about.rarity)}
    others = [(reading_of(row), row.story_id) for row in candidates(members, about, whole)]
    holding = [reading for place, reading in enumerate(readings) if place not in out]
    found = alike(holding, others, about.rarity)
    return named([one for one in found if one.score >= LIKELY])


def _members(story: Story, most: int) -> list[Article]:
    """The lead first; one query."""
    rows = story.members.select_related("provider").only(
        *TEXTS, *LINKS, "link_hash", "is_lead", "state", "version", "provider__name"
    )
    return list(rows.order_by("-is_lead", "-quality", "slug")[:most])
