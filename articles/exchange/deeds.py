"""Acts of people, and which of them each change of a file follows from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from ..models import Article, PairFact, Transition
from ..printing import KEY_OF_COLUMN
from ..states import Action, State
from .related import PIECE
from .scan import Kind
from .shelves import changed_rows

CREATE = "create"
FROM_STATE = ("published", "removed", "heat")
"""Keys that follow from decisions about an article."""

FROM_STORY = ("related", "heat", "published")
"""Keys that follow from what is done to the others of its story."""

MOVES = ("attach", "detach", "merge", "split", "move", "not_the_same")
STORY_ACTS = (*MOVES, "swap_lead")

VERBS = {
    Action.REPUBLISH: "publish",
    Action.PUBLISH_DRAFT: "correct",
    Action.SAVE_DRAFT: "draft",
    Action.REQUEST_CHANGES: "send back",
    "attach": "join",
    "swap_lead": "change the lead of",
    "not_the_same": "tell apart",
    "resolve_conflict": "decide a conflict of",
    CREATE: "add",
}
"""What a log calls an act, where its own name would not do."""

OF_STORIES = ("change the lead of", "merge", "split", "place", "unplace")
"""Verbs of which a log counts stories."""


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """One act of a person that a file may tell of; they are in order of time. `number` is the audit
    row, `about` what was acted on, `keys` those of its file that were changed, `revision` the row
    of what it said then."""

    at: datetime
    number: int
    actor: int
    about: str
    action: str
    verb: str
    comment: str = ""
    keys: frozenset[str] = frozenset()
    is_decision: bool = False
    revision: int = 0

    @property
    def is_of_story(self) -> bool:
        """Whether it may change what the files of a whole story say."""
        return self.is_decision or self.action in STORY_ACTS


class Deeds:
    """What people did to these articles, their stories and whom they were joined to or taken from,
    newest first; constant queries. What was done after `since` is likelier behind a change."""

    def __init__(
        self, slugs: Collection[str], named: Collection[str], since: datetime | None
    ) -> None:
        """`named` are articles that come or go in the `related` of these."""
        self._since = since
        rows = Article.objects.filter(slug__among=[*slugs, *named])
        self._stories = dict(rows.values_list("slug", "story_id"))
        self._paired, self._partners = _partners(slugs, since)
        self._about: dict[str, list[Deed]] = defaultdict(list)
        self._within: dict[int, list[Deed]] = defaultdict(list)
        others = {*named, *(one for found in self._partners.values() for one in found)}
        acts = Transition.objects.filter(
            Q(article__story__among=list({self._stories[slug] for slug in slugs}))
            | Q(article__slug__among=list(others)),
            actor__isnull=False,
        )
        for act in acts.select_related("article").order_by("-at", "-id"):
            deed = _deed(act)
            self._about[deed.about].append(deed)
            self._within[act.article.story_id].append(deed)

    def about(self, slug: str) -> Sequence[Deed]:
        """What was done to one article."""
        return self._about.get(slug, ())

    def behind(self, slug: str, key: str) -> Deed | None:
        """The act that a change of an article's file follows from, if any; `key` may be a piece of
        its `related`."""
        return next(self._ways(slug, key), None)

    def explicit(self, slug: str, key: str) -> Deed | None:
        """The act that said a key of a file that never was, after it was made."""
        own = [deed for deed in self.about(slug) if deed.action != CREATE]
        yes = (deed for deed in own if key in deed.keys)
        if key in (*FROM_STATE, *FROM_STORY):
            yes = (deed for deed in self._near(slug) if deed.is_of_story)
        return next(yes, None)

    def _near(self, slug: str) -> Sequence[Deed]:
        """What was done to an article and to those that are or were in its story."""
        within = self._within.get(self._stories[slug], [])
        others = {
            deed
            for one, times in self._partners.get(slug, {}).items()
            for deed in self._about[one]
            if deed.action in MOVES and deed.at in times
        }
        return sorted({*within, *others}, reverse=True) if others else within

    def _ways(self, slug: str, key: str) -> Iterator[Deed]:
        own = self.about(slug)
        if key.startswith(PIECE):
            other, _, part = key.removeprefix(PIECE).partition("/")
            yield from self._behind_entry(slug, other, part)
            return
        yield from (deed for deed in own if key in deed.keys)
        if key in (*FROM_STATE, *FROM_STORY):
            yield from self._behind_state(slug, key)
            return
        yield from own

    def _behind_entry(self, slug: str, other: str, part: str) -> Iterator[Deed]:
        """What an entry says follows from an edit of its article, that it is there or not from
        acts on either of the two."""
        about = self.about(other)
        if part:
            # Long after, a file may have changed it again, which its copies follow.
            yield from self._fresh(deed for deed in about if part in deed.keys)
            return
        both = sorted({*about, *self.about(slug)}, reverse=True)
        acts = [deed for deed in both if deed.action in STORY_ACTS]
        yield from self._fresh([*acts, *(deed for deed in about if deed.is_decision)])
        yield from self._fresh(self._around_entry(slug, other))
        if other in self._paired.get(slug, ()):
            # What a file joins again, or takes out, editors had decided otherwise.
            yield from (deed for deed in acts if deed.action in MOVES)

    def _around_entry(self, slug: str, other: str) -> Iterator[Deed]:
        """Who came did so by an act on the story that both are in, who went by one on those that
        were parted."""
        within = [deed for deed in self._within[self._stories[slug]] if deed.is_of_story]
        near = [deed for deed in self._near(slug) if deed.is_of_story]
        if self._stories.get(other) == self._stories[slug]:
            yield from within
        else:
            yield from (deed for deed in near if deed not in within)
        yield from near

    def _behind_state(self, slug: str, key: str) -> Iterator[Deed]:
        """A decision stands whatever a file says later; heat goes with the whole story."""
        own, near = self.about(slug), self._near(slug)
        of_story = [deed for deed in near if deed.is_of_story]
        if key == "heat":
            weighed = {deed for deed in own if "quality" in deed.keys}
            yield from self._fresh(sorted({*of_story, *weighed}, reverse=True))
            return
        decisions = [deed for deed in own if deed.is_decision]
        yield from self._fresh([*decisions, *of_story])
        yield from decisions
        yield from (deed for deed in own if deed.is_of_story)

    def _fresh(self, deeds: Iterable[Deed]) -> Iterator[Deed]:
        return filter(self._is_fresh, deeds)

    def _is_fresh(self, deed: Deed) -> bool:
        return self._since is None or deed.at > self._since


Pairs = dict[str, dict[str, set[datetime]]]


def _partners(slugs: Collection[str], since: datetime | None) -> tuple[Pairs, Pairs]:
    """Whom editors have joined these articles to or taken them from, and when that was said, by
    slug: ever, and since. An act and what it says of pairs have one time."""
    ids = dict(Article.objects.filter(slug__among=list(slugs)).values_list("pk", "slug"))
    facts = PairFact.objects.filter(Q(first__among=list(ids)) | Q(second__among=list(ids)))
    ever: Pairs = defaultdict(lambda: defaultdict(set))
    lately: Pairs = defaultdict(lambda: defaultdict(set))
    for one, other, at in facts.values_list("first__slug", "second__slug", "created_at"):
        for found in (ever, lately) if since is None or at > since else (ever,):
            found[one][other].add(at)
            found[other][one].add(at)
    return ever, lately


def _deed(act: Transition) -> Deed:
    return Deed(
        act.at,
        act.pk,
        act.actor_id or 0,
        act.article.slug,
        act.action,
        _verb(act),
        act.comment,
        frozenset(map(_key, act.changes or ())),
        act.from_state != act.to_state,
        act.revision_id or 0,
    )


def _key(column: str) -> str:
    """The key of the file that a column is printed at: all of `provider_…` at `provider`."""
    return KEY_OF_COLUMN.get(column, column.partition("_")[0])


def _verb(act: Transition) -> str:
    if act.action == Action.EDIT:
        return "correct" if act.from_state == State.PUBLISHED else "edit"
    return VERBS.get(act.action, act.action.replace("_", " "))


def edits_of(kind: Kind, keys: Iterable[str]) -> dict[str, Deed]:
    """The last edit of these providers or topics, by the key of their files."""
    rows = changed_rows(kind)
    ids = {key: str(rows[key].row.pk) for key in keys if key in rows}
    entries = LogEntry.objects.filter(content_type__model=kind.value, object_id__in=ids.values())
    last = {entry.object_id: entry for entry in entries.order_by("pk")}
    return {
        key: Deed(entry.action_time, entry.pk, entry.user_id, f"{kind.value} {key}", "edit", "edit")
        for key, pk in ids.items()
        if (entry := last.get(pk))
    }
