"""The numbers that stories carry: members, related items, heat, rank."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from ..models import Article, Claim, RelatedItem, Story
from ..models.bulk import update_rows
from ..states import State
from .bar import is_above
from .ranking import heat, rank

_COLUMNS = ("slug", "heat", "rank", "member_count", "related_count", "hidden_count")


STORIES = 200
"""Stories looked at together; bounds memory."""


class _Member(NamedTuple):
    id: int
    story_id: int
    is_lead: bool
    state: str
    quality: int | None
    go_live_at: datetime | None
    slug: str
    heat_extra: int
    first_published_at: datetime | None
    is_above_bar: bool


def related_items(
    article_ids: Iterable[int], among: QuerySet[RelatedItem] | None = None
) -> dict[int, list[RelatedItem]]:
    """The related items (`among` those given) that these articles' files claim, by article id.

    Two queries.
    """
    rows = RelatedItem.objects.all() if among is None else among
    claims = list(
        # Most claims name articles: the database leaves those out before they are read.
        Claim.objects.filter(
            article__among=list(article_ids), identity__in=RelatedItem.objects.values("identity")
        ).values_list("article_id", "identity", "title_hash")
    )
    items = {
        (item.identity, item.title_hash): item
        for item in rows.filter(identity__in={claim[1] for claim in claims})
    }
    found: dict[int, list[RelatedItem]] = defaultdict(list)
    for article_id, identity, title_hash in claims:
        if item := items.get((identity, title_hash)):
            found[article_id].append(item)
    return found


def refresh(story_ids: Iterable[int]) -> None:
    """Bring counts, heat, rank and address of stories up to date; constant queries for 200."""
    every = sorted(set(story_ids))
    for start in range(0, len(every), STORIES):
        _refresh(every[start : start + STORIES])


def _refresh(ids: list[int]) -> None:
    members = defaultdict(list)
    found = Article.objects.filter(story__in=ids).values_list(*_Member._fields)
    for row in map(_Member._make, found):
        members[row.story_id].append(row)
    items, hidden = _count_related_items(members)
    stories = list(Story.objects.filter(pk__in=ids))
    for story in stories:
        story.hidden_count = hidden[story.pk]
        _recount(story, members[story.pk], items[story.pk])
    _address([(story, members[story.pk]) for story in stories])
    _mark_above_bar(members, items)
    rows = [(*(getattr(story, column) for column in _COLUMNS), story.pk) for story in stories]
    update_rows(Story, _COLUMNS, rows)


def _mark_above_bar(members: dict[int, list[_Member]], items: Counter[int]) -> None:
    """Keep `is_above_bar`, writing only what is different."""
    changed = [
        (is_up, row.id)
        for story, rows in members.items()
        for row in rows
        if (is_up := row.is_lead and is_above(row.quality, len(rows) - 1 + items[story]))
        is not row.is_above_bar
    ]
    update_rows(Article, ["is_above_bar"], changed)


def _count_related_items(
    members: dict[int, list[_Member]],
) -> tuple[Counter[int], Counter[int]]:
    """(all, the hidden ones) of each story."""
    story_of = {row.id: story for story, rows in members.items() for row in rows}
    named: dict[int, dict[int, bool]] = defaultdict(dict)
    for article_id, found in related_items(story_of).items():
        named[story_of[article_id]].update({one.pk: one.hidden_at is not None for one in found})
    return (
        Counter({story: len(found) for story, found in named.items()}),
        Counter({story: sum(found.values()) for story, found in named.items()}),
    )


def _recount(story: Story, members: list[_Member], items: int) -> None:
    story.member_count, story.related_count = len(members), items
    lead = next((row for row in members if row.is_lead), None)
    if lead is None:
        story.rank = None
        return
    is_published = lead.state == State.PUBLISHED
    story.heat = heat(
        lead.quality,
        len(members) - 1 + items,
        is_published=is_published,
        extra=lead.heat_extra,
    )
    story.rank = None
    if is_published and lead.go_live_at:
        story.rank = rank(story.heat, lead.go_live_at, settings.HALF_LIFE_HOURS)


def _address(stories: list[tuple[Story, list[_Member]]]) -> None:
    """Give stories that go public for the first time their address, the stem of their lead.

    One that never was public has none. A stem that another story went public under is not free:
    its article was the other's lead once, and that address stays where it led.
    """
    first = []
    for story, members in stories:
        if not any(row.first_published_at for row in members):
            story.slug = None
        elif story.slug is None and story.rank is not None:
            first.append((story, next(row.slug for row in members if row.is_lead)))
    slugs = [slug for _, slug in first]
    taken = (
        set(Story.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if first else ()
    )
    for story, slug in first:
        story.slug = slug if slug not in taken else _free(slug)


def _free(slug: str) -> str:
    """`SLUG-2` or the next that no story has."""
    pattern = f"{slug}-"
    taken = set(Story.objects.filter(slug__startswith=pattern).values_list("slug", flat=True))
    return next(name for n in count(2) if (name := f"{pattern}{n}") not in taken)
