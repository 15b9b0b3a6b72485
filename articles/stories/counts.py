"""The numbers that stories carry: members, related items, heat, rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from providers.models import Policy

from ..models import (
    Article,
    Claim,
    FormerAddress,
    RelatedItem,
    Story,
    of_blocked_providers,
)
from ..models.article import is_coverage_in
from ..models.bulk import update_rows
from ..ranking import heat, rank, story_time
from ..snapshots import remember_soon
from ..states import State
from .bar import is_above

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
    published_at: datetime | None
    provider__policy: str

    @property
    def is_shown(self) -> bool:
        """Whether readers meet it as coverage wherever they meet its story."""
        blocked = self.provider__policy == Policy.BLOCKED
        return not (self.is_lead or blocked) and is_coverage_in(self.state)


class _Items(NamedTuple):
    """The related items of one story: all, the hidden ones, and when the newest of those that
    readers meet was published."""

    total: int = 0
    hidden: int = 0
    newest: datetime | None = None


def related_items(
    article_ids: Iterable[int], among: QuerySet[RelatedItem] | None = None
) -> dict[int, list[RelatedItem]]:
    """The related items (`among` those given) that these articles' files claim, by article id.

    Two queries.
    """
    rows = RelatedItem.objects.all() if among is None else among
    # Most claims name articles: the database leaves those out before they are read. Of a list of
    # all that are named, SQLite would look for every one among the claims.
    is_item = Exists(RelatedItem.objects.filter(identity=OuterRef("identity")))
    claims = list(
        Claim.objects.filter(is_item, article__among=list(article_ids)).values_list(
            "article_id", "identity", "title_hash"
        )
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


def refresh(story_ids: Iterable[int]) -> int:
    """Bring counts, heat, rank and address of stories up to date; constant queries for 200.

    Answers how many stood otherwise.
    """
    every = sorted(set(story_ids))
    if every:
        remember_soon()
    parts = (every[start : start + STORIES] for start in range(0, len(every), STORIES))
    return sum(_refresh(part) for part in parts)


def _refresh(ids: list[int]) -> int:
    members = defaultdict(list)
    found = Article.objects.filter(story__in=ids).values_list(*_Member._fields)
    for row in map(_Member._make, found):
        members[row.story_id].append(row)
    items = _look_at_items(members)
    stories = list(Story.objects.filter(pk__in=ids))
    before = {story.pk: _numbers(story) for story in stories}
    for story in stories:
        _recount(story, members[story.pk], items[story.pk])
    _address([(story, members[story.pk]) for story in stories])
    _mark_above_bar(members, items)
    changed = [story for story in stories if _numbers(story) != before[story.pk]]
    update_rows(Story, _COLUMNS, [(*_numbers(story), story.pk) for story in changed])
    return len(changed)


def _numbers(story: Story) -> tuple[Any, ...]:
    return tuple(getattr(story, column) for column in _COLUMNS)


def _mark_above_bar(members: dict[int, list[_Member]], items: dict[int, _Items]) -> None:
    """Keep `is_above_bar`, writing only what is different."""
    changed = [
        (is_up, row.id)
        for story, rows in members.items()
        for row in rows
        if (is_up := row.is_lead and is_above(row.quality, len(rows) - 1 + items[story].total))
        is not row.is_above_bar
    ]
    update_rows(Article, ["is_above_bar"], changed)


def _look_at_items(members: dict[int, list[_Member]]) -> dict[int, _Items]:
    story_of = {row.id: story for story, rows in members.items() for row in rows}
    named: dict[int, dict[int, RelatedItem]] = defaultdict(dict)
    rows = RelatedItem.objects.annotate(is_blocked=of_blocked_providers())
    columns = ("identity", "title_hash", "published_at", "hidden_at")
    for article_id, found in related_items(story_of, rows.only(*columns)).items():
        named[story_of[article_id]].update({one.pk: one for one in found})
    return defaultdict(_Items, {story: _seen(found.values()) for story, found in named.items()})


def _seen(items: Collection[RelatedItem]) -> _Items:
    shown = [one for one in items if one.hidden_at is None and not vars(one)["is_blocked"]]
    times = [one.published_at for one in shown if one.published_at]
    hidden = sum(one.hidden_at is not None for one in items)
    return _Items(len(items), hidden, max(times, default=None))


def _recount(story: Story, members: list[_Member], items: _Items) -> None:
    story.member_count = len(members)
    story.related_count, story.hidden_count = items.total, items.hidden
    lead = next((row for row in members if row.is_lead), None)
    if lead is None:
        story.rank = None
        return
    is_published = lead.state == State.PUBLISHED
    story.heat = heat(
        lead.quality,
        len(members) - 1 + items.total,
        is_published=is_published,
        extra=lead.heat_extra,
    )
    story.rank = None
    if is_published and lead.go_live_at:
        half_life = settings.HALF_LIFE_HOURS
        at = story_time(lead.go_live_at, _newest(members, items), half_life)
        story.rank = rank(story.heat, at, half_life)


def _newest(members: list[_Member], items: _Items) -> datetime | None:
    """When the newest shown coverage was published, by its publisher's time.

    Coverage has no window of its own: it is shown whenever its lead is, so that nothing here
    passes with the clock. That time and no other is the same whenever the files came, in whatever
    order.
    """
    times = [row.published_at for row in members if row.published_at and row.is_shown]
    return max([*times, *([items.newest] if items.newest else ())], default=None)


def _address(stories: list[tuple[Story, list[_Member]]]) -> None:
    """Give stories that go public for the first time their address, the stem of their lead.

    One that never was public has none. A stem that another story went public under is not free:
    its article was the other's lead once, and that address stays where it led, also when that
    story went into another.
    """
    first = []
    for story, members in stories:
        if not any(row.first_published_at for row in members):
            story.slug = None
        elif story.slug is None and story.rank is not None:
            first.append((story, next(row.slug for row in members if row.is_lead)))
    slugs = [slug for _, slug in first]
    taken = _taken(slug__in=slugs) if first else set()
    for story, slug in first:
        story.slug = slug if slug not in taken else _free(slug)


def _free(slug: str) -> str:
    """`SLUG-2` or the next that no story has."""
    pattern = f"{slug}-"
    taken = _taken(slug__startswith=pattern)
    return next(name for n in count(2) if (name := f"{pattern}{n}") not in taken)


def _taken(**which: Any) -> set[str]:
    """The addresses of these that stories have, or had."""
    here = Story.objects.filter(**which).values_list("slug", flat=True)
    former = FormerAddress.objects.filter(**which).values_list("slug", flat=True)
    return {slug for slug in (*here, *former) if slug}
