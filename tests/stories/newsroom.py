"""A newsroom in which stories are acted upon, taken back and imported over, and the laws that hold
after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone

from articles.models import Article, Story, Transition
from articles.ranking import heat, rank
from articles.snapshots import order
from articles.stories import (
    NotPossible,
    attach,
    detach,
    merge,
    move,
    split,
    swap_lead,
    tell_apart,
)
from articles.stories.membership import regroup
from articles.stories.places import OWN
from articles.stories.placing import place, unplace
from articles.workflow import ActRefused, transition, undo
from tests.content import A_DAY, Piece, put, story
from tests.exchange.acts import bring_in
from tests.factories import make_user
from tests.stories.claiming import everything

REFUSED = (ActRefused, NotPossible, PermissionDenied, ValidationError)
ACTS = (
    *("attach", "detach", "move", "split", "merge", "merge", "tell_apart", "swap_lead"),
    *("place", "unplace", "publish", "unpublish", "spike", "unspike"),
)
PIECES = 16
LOOKED_AHEAD = 0.2
"""Acts of which it is also looked at what the next import would move."""


@dataclass
class Newsroom:
    """`folder` is what the robot brings; `done` counts what was done, `wrong` what broke a law."""

    folder: Path
    actor: User = field(default_factory=lambda: make_user("publisher"))
    pieces: dict[str, Piece] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    late: int = 0
    was_settled: bool = True

    def begin(self, random: Random) -> None:
        """Stories of one to four articles, some of them published."""
        names = [f"{'abcdefgh'[n % 8]}-piece-{n}" for n in range(PIECES)]
        while names:
            some = [names.pop() for _ in range(min(random.randint(1, 4), len(names)))]
            made = story(*(_piece(name, random) for name in some))
            is_published = random.random() < 0.4
            for piece in made:
                leads = piece.heat != -1
                self.pieces[piece.name] = piece.but(published=is_published and leads, heat=None)
        self._import()

    @property
    def steps(self) -> int:
        """Acts and undos until now."""
        others = ("imports", "refused", "not undone")
        return self.done.total() - sum(self.done[name] for name in others)

    def act(self, random: Random) -> None:
        """One act, mostly taken back at once, sometimes after an import."""
        name = random.choice(ACTS)
        before = everything()
        self.was_settled = random.random() < LOOKED_AHEAD and not _unsettled()
        if not self._attempt(name, random):
            self.done["refused"] += 1
            self._expect("a refused act changed something", everything() == before)
            return
        self.done[name] += 1
        kind = random.random()
        if kind < 0.5:
            self._take_back(name, before)
        elif kind < 0.55:
            self._import_beside()
            self._take_back(f"{name}, import", before)
        elif kind < 0.6:
            self._newcomer(random)
            self._take_back_asking(random)

    def import_something(self, random: Random) -> None:
        """The robot's hour: other qualities, and stories that grew."""
        for name in random.sample(sorted(self.pieces), 2):
            self.pieces[name] = self.pieces[name].but(quality=random.randint(30, 90))
        self._import()

    def check(self) -> None:
        """The laws, as the tables stand."""
        rows = list(Article.objects.values_list("story", "is_lead", "state", "pk"))
        leads, published = Counter[int](), Counter[int]()
        for story_id, leads_it, state, _ in rows:
            leads[story_id] += leads_it
            published[story_id] += state == "published"
        stories = set(Story.objects.values_list("pk", flat=True))
        self._expect("a story without articles", stories == {row[0] for row in rows})
        self._expect("not one lead a story", all(leads[story] == 1 for story in stories))
        self._expect("two published in a story", max(published.values(), default=0) <= 1)
        self._check_ranks()

    def _check_ranks(self) -> None:
        """Heat, rank and order against a computation that reads nothing of them."""
        members: dict[int, list[Article]] = defaultdict(list)
        for row in Article.objects.select_related("story", "provider"):
            members[row.story_id].append(row)
        ranked = []
        for found in members.values():
            lead = next(row for row in found if row.is_lead)
            is_live = lead.state == "published"
            count = len(found) - 1 + lead.story.related_count
            score = heat(lead.quality, count, is_published=is_live, extra=lead.heat_extra)
            place_now = None
            if is_live and lead.go_live_at:
                place_now = rank(score, _time_of(lead, found), settings.HALF_LIFE_HOURS)
                ranked.append((-place_now, lead.story_id))
            same = (lead.story.heat, lead.story.rank) == (score, place_now)
            self._expect("a rank that is not what it is made of", same)
        now = timezone.now()
        placed = {row.story_id for rows in members.values() for row in rows if _is_placed(row)}
        plain = [row[0] for row in order(now) if row[0] not in placed]
        fresh = [story_id for _, story_id in sorted(ranked) if story_id not in placed]
        self._expect("another order than the ranks'", plain == fresh)

    def _expect(self, law: str, holds: bool) -> None:
        if not holds:
            self.wrong.append(law)

    def _attempt(self, name: str, random: Random) -> bool:
        rows = list(Article.objects.select_related("story").order_by("pk"))
        one, other = random.sample(_fit(name, rows) or rows, 1)[0], random.choice(rows)
        try:
            with database.atomic():
                self._do(name, one, other, rows, random)
        except REFUSED:
            return False
        return True

    def _do(
        self, name: str, one: Article, other: Article, rows: list[Article], random: Random
    ) -> None:
        actor, version = self.actor, one.version
        family = [row for row in rows if row.story_id == one.story_id]
        some = random.sample(family, random.randint(1, max(1, len(family) - 1)))
        lead = next(row for row in rows if row.story_id == other.story_id and row.is_lead)
        if name in ("place", "unplace"):
            lead = one
        if name == "attach":
            attach(one, lead, actor, expected_version=version)
        elif name == "detach":
            detach(one, actor, expected_version=version)
        elif name == "move":
            move(some, lead, actor, seen={})
        elif name == "split":
            split(some, actor, seen={})
        elif name == "merge":
            merge(one, [other], actor, seen={})
        elif name == "tell_apart":
            tell_apart(one, other, actor)
        elif name == "swap_lead":
            swap_lead(one, actor, expected_version=version)
        elif name == "place":
            until = timezone.now() + timedelta(hours=random.randint(1, 9))
            kind, number = random.choice((("pin", 2), ("boost", 1), ("bury", -2)))
            said: dict[str, Any] = {"reason": "so", "until": until, "number": number}
            place(lead, kind, actor, expected_version=lead.version, **said)
        elif name == "unplace":
            unplace(lead, actor, expected_version=lead.version)
        else:
            again = name == "publish" and one.state == "unpublished"
            action = "republish" if again else name
            transition(one, action, actor, expected_version=version, comment="so")

    def _take_back(self, name: str, before: list[Any]) -> None:
        undone = undo(self.actor)
        self.done["undone"] += 1
        self._expect(f"{name}: undo refused: {undone.refused[:1]}", not undone.refused)
        self._expect(f"{name}: not as it was: {_difference(before)}", everything() == before)
        self._check_settled(name)

    def _take_back_asking(self, random: Random) -> None:
        """An undo over newcomers: it asks, and they are where they were said to go."""
        undone = undo(self.actor)
        if undone.asks is None:
            self.done["undone, later changes" if undone.done else "not undone"] += 1
            return
        choices = [choice.pk for choice in undone.asks.choices]
        newcomers = [one.pk for one in undone.asks.newcomers]
        chosen = random.choice([*choices, OWN])
        again = undo(self.actor, newcomers=chosen)
        if again.refused:
            self.done["not undone"] += 1
            return
        self.done["undone, asked"] += 1
        homes = set(Article.objects.filter(pk__in=newcomers).values_list("story", flat=True))
        led = set(Article.objects.filter(pk__in=choices).values_list("story", flat=True))
        if chosen == OWN:
            self._expect("newcomers of their own are elsewhere", not homes & led)
        else:
            home = Article.objects.values_list("story", flat=True).get(pk=chosen)
            self._expect("newcomers are not where they were said to go", homes == {home})
        self._check_settled("asked")

    def _check_settled(self, name: str) -> None:
        """The robot's next import moves nothing."""
        moved = _unsettled() if self.was_settled else []
        self._expect(f"{name}: the next import moves {moved}", not moved)

    def _import(self) -> None:
        put(self.folder, *self.pieces.values())
        report = bring_in(self.folder)
        self.done["imports"] += 1
        self._expect("an import refused a file", not report.totals()["article"].get("refused"))

    def _import_beside(self) -> None:
        """An import between an act and its undo that is about nothing of it: all files again."""
        bring_in(self.folder)
        self.done["imports"] += 1

    def _newcomer(self, random: Random) -> None:
        """A file that claims some article, which claims it back, comes in for the first time or
        with another claim."""
        last = Transition.objects.filter(actor=self.actor).latest("pk").article
        family = Article.objects.filter(story=last.story_id).order_by("slug")
        other = self.pieces[random.choice(list(family.values_list("slug", flat=True)))]
        name = f"z-late-{self.late % 6}"
        self.late += 1
        piece = self.pieces.get(name) or _piece(name, random)
        if name == other.name:
            return
        self.pieces[name] = replace(piece, related=(other,))
        related = (*(one for one in other.related if one.name != name), piece)
        self.pieces[other.name] = replace(other, related=related)
        self._import()


def _piece(name: str, random: Random) -> Piece:
    """Of some day or the next: coverage comes before its lead, after it, and long after."""
    at = A_DAY + timedelta(hours=random.randint(0, 30))
    return Piece(name, quality=random.randint(20, 95), at=at)


def _unsettled() -> list[str]:
    """What an import of all files would move."""
    with database.atomic():
        plan = regroup(changed=list(Article.objects.values_list("pk", flat=True)))
    return [article.slug for article in plan.moved()]


def _difference(before: list[Any]) -> str:
    """The first rows that are not as they were."""
    now = everything()
    return "; ".join(
        f"{was} → {row}"
        for some, others in zip(before, now, strict=True)
        for was, row in zip_longest(some, others)
        if was != row
    )[:400]


def _fit(name: str, rows: list[Article]) -> list[Article]:
    """Those that an act of that name is most likely open to."""
    if name in ("detach", "split", "swap_lead"):
        return [row for row in rows if row.story.member_count > 1 and row.state != "published"]
    if name == "publish":
        open_ones = ("new", "approved", "unpublished")
        return [row for row in rows if row.is_lead and row.state in open_ones]
    if name in ("unpublish", "place", "unplace"):
        return [row for row in rows if row.state == "published"]
    if name == "spike":
        return [row for row in rows if not row.is_lead and row.state != "spiked"]
    if name == "unspike":
        return [row for row in rows if row.state == "spiked"]
    return [row for row in rows if row.state != "published"]


def _time_of(lead: Article, members: list[Article]) -> datetime:
    """DESIGN.md, idea 3: the lead's going live, or the newest coverage, a half-life later at most.

    All coverage that only files name is an article here by now.
    """
    assert lead.go_live_at is not None
    shown = Article.objects.shown(lead.go_live_at).filter(story=lead.story_id, is_lead=False)
    known = set(shown.values_list("pk", flat=True))
    times = [row.published_at for row in members if row.pk in known and row.published_at]
    newest = max([lead.go_live_at, *times])
    return min(newest, lead.go_live_at + timedelta(hours=settings.HALF_LIFE_HOURS))


def _is_placed(row: Article) -> bool:
    return hasattr(row.story, "placement")
