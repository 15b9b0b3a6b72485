"""What was added, changed and gone since somebody last asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Q

from ..models import Article, Change, Story
from ..models.changes import KEPT_DAYS
from ..states import State

PAGE = 500
"""Stories an answer."""

SLACK = timedelta(minutes=15)
"""A transaction may run for as long before what it changed can be seen."""

_EVERY = 10**18 - 1
"""No story has so high a number: all of a transaction is known."""

_CURSOR = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,17})", re.ASCII)


class BadCursor(ValueError):
    """What was given is neither a cursor of ours nor a time."""


class TooOld(ValueError):
    """Nobody remembers as far back as that; read everything again."""


class Cursor(NamedTuple):
    """Everything up to this change, and what the clock did until then, is known."""

    number: int
    story: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.number}-{self.story}-{int(self.at.timestamp() * 1_000_000)}"


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is added, changed or gone; `slug` is the address of the story."""

    kind: str
    slug: str
    at: datetime


class Changes(NamedTuple):
    """What happened, and where to go on; `is_more` when there is more to be told at once."""

    events: list[Event]
    after: Cursor
    is_more: bool


def now(at: datetime) -> Cursor:
    """Where somebody begins who reads everything after this."""
    return Cursor(Change.objects.aggregate(last=Max("number"))["last"] or 0, _EVERY, at)


def parse(text: str, at: datetime) -> Cursor:
    """A cursor as it was given, or a time as one. Raises BadCursor and TooOld."""
    if found := _CURSOR.fullmatch(text):
        number, story, micro = map(int, found.groups())
        try:
            since = datetime.fromtimestamp(micro // 1_000_000, UTC)
        except (ValueError, OverflowError, OSError):
            raise BadCursor(text) from None
        return _checked(Cursor(number, story, since + timedelta(microseconds=micro % 10**6)), at)
    try:
        given = datetime.fromisoformat(text)
        since = given if given.tzinfo else given.replace(tzinfo=UTC)
        before = Change.objects.filter(at__lt=since - SLACK, number__gt=0)
    except (ValueError, OverflowError):
        raise BadCursor(text) from None
    known = _checked(Cursor(0, _EVERY, since), at)
    return known._replace(number=before.aggregate(last=Max("number"))["last"] or 0)


def since(cursor: Cursor, at: datetime) -> Changes:
    """The changes after a cursor; at most six queries."""
    following = Q(number__gt=cursor.number) | Q(number=cursor.number, story__gt=cursor.story)
    # Below zero are those of this very transaction, where there is one.
    rows = Change.objects.filter(following, number__gte=max(cursor.number, 1))
    found = list(rows.order_by("number", "story")[: PAGE + 1])
    page = found[:PAGE]
    last = page[-1] if page else None
    events = _told(page, cursor, at)
    if len(found) > PAGE and last:
        return Changes(events, Cursor(last.number, last.story, cursor.at), is_more=True)
    events += _by_the_clock(cursor.at, at, {row.story for row in page})
    number, story = (last.number, last.story) if last else (cursor.number, cursor.story)
    return Changes(events, Cursor(number, story, at), is_more=False)


def _told(rows: Iterable[Change], cursor: Cursor, at: datetime) -> list[Event]:
    rows = list(rows)
    ids = [row.story for row in rows]
    published = dict(
        Article.objects.published(at).filter(story__in=ids).values_list("story", "story__slug")
    )
    stories = Story.objects.filter(pk__in=ids).exclude(pk__in=published)
    once = Article.objects.filter(first_published_at__lte=at)
    left = dict(stories.filter(members__in=once, slug__gt="").values_list("pk", "slug"))
    events = []
    for row in rows:
        if slug := published.get(row.story):
            has_come = row.came > cursor.number or row.came == row.number
            kind = "added" if has_come else "changed"
            events.append(Event(kind, slug, row.at))
        elif slug := left.get(row.story) or row.slug:
            events.append(Event("gone", slug, row.at))
    return events


def _by_the_clock(after: datetime, until: datetime, told: set[int]) -> list[Event]:
    """Scheduled stories that went live and stories that expired, those told of left out."""
    live = Article.objects.published(until).filter(go_live_at__gt=after)
    came = live.order_by("go_live_at").values_list("story", "story__slug", "go_live_at")
    expired = Article.objects.filter(
        state=State.PUBLISHED, is_lead=True, expire_at__gt=after, expire_at__lte=until
    )
    went = expired.order_by("expire_at").values_list("story", "story__slug", "expire_at")
    return [
        Event(kind, slug, time)
        for kind, rows in (("added", came), ("gone", went))
        for story, slug, time in rows
        if story not in told and slug and time
    ]


def _checked(cursor: Cursor, at: datetime) -> Cursor:
    if cursor.at < at - timedelta(days=KEPT_DAYS):
        raise TooOld
    return cursor._replace(at=min(cursor.at, at))
