"""How one article file meets the row that stands for it: what is taken, held and asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from providers.models import Policy

from ..frontmatter import Record
from ..frontmatter.merge import BODY, SOURCE_GROUP, Clash, merge, same
from ..frontmatter.record import Values
from ..frontmatter.schema import ARTICLE, Owner
from ..models import Article, Run, Source
from ..printing import printed
from ..states import State
from ..stories.grouping import Named
from .catalogue import Topics
from .columns import file_state, heat_extra, set_columns, set_identity
from .loading import Loaded
from .report import FileReport
from .state_keys import state_keys

UPSTREAM_REMOVAL = "removed upstream: the file says `removed: true`, but people acted on it here"

DRAFTED = ("title", "excerpt")
"""Keys whose changes wait as a draft of a live article that a person decided about."""

DESK_KEYS = {key.name for key in ARTICLE.order if key.owner is Owner.DESK}
"""Keys that count as a new version of the article: a form opened before is stale."""


@dataclass(slots=True)
class Intake:
    """One article file on its way in. `base` is what its row was last agreed on; `held` are the
    clashes that keep parts of it out; `drafted` is what waits beside a live article."""

    loaded: Loaded
    record: Record
    article: Article
    base: Values
    report: FileReport
    source: Source | None = None
    claims: dict[Named, Values] = field(default_factory=dict)
    taken: Values = field(default_factory=dict)
    held: list[Clash] = field(default_factory=list)
    is_replaced: bool = False
    drafted: Values = field(default_factory=dict)

    @property
    def values(self) -> Values:
        return self.record.values

    @property
    def is_new(self) -> bool:
        return self.article.pk is None

    @property
    def is_another_piece(self) -> bool:
        """The file points at another article, and ours stays: nothing of its story is ours."""
        return self.is_replaced and any(clash.key == SOURCE_GROUP for clash in self.held)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The terms of one run: `as_drafts` lets no file publish, `at` is the time of the run,
    `is_first` that no run ended before it."""

    run: Run
    at: datetime
    as_drafts: bool
    is_first: bool = False

    def set_up(self, intake: Intake) -> None:
        """Make the row of a file that is new."""
        article, values = intake.article, intake.values
        set_columns(article, values)
        set_identity(article, values)
        article.body = intake.record.body
        article.heat_extra = heat_extra(values, len(intake.claims))
        article.file_state = file_state(values)
        if self.as_drafts and article.file_state == State.PUBLISHED:
            article.file_state = State.NEW
        appeared_at = min(article.published_at or self.at, self.at)
        if article.file_state == State.WITHDRAWN:
            # A draft, too, is known to be removed upstream: what its file claims joins nothing.
            if not self.as_drafts:
                article.state, article.first_published_at = State.WITHDRAWN, appeared_at
        elif article.file_state == State.PUBLISHED:
            article.go_live_at = appeared_at
        article.marked = None
        # Nobody can read a whole archive: what of it is to be decided is told at the end.
        article.is_backlog = self.is_first
        article.run = self.run

    def meet(
        self, intake: Intake, topics: Topics, names: list[str], waiting: Values | None = None
    ) -> None:
        """Merge a file into the row that stands for it; `names` are the row's topics by now,
        `waiting` what an earlier run drafted of its text."""
        file = with_body(intake.record)
        intake.report.changed = tuple(_changed(intake.base, file))
        ours = printed(intake.article, names) | {BODY: intake.article.body}
        # What waits in a draft was the file's, not an edit of ours.
        ours |= {key: v for key, v in (waiting or {}).items() if same(v, intake.base.get(key))}
        result = merge(ARTICLE, _spelled(intake.base, topics), _spelled(file, topics), ours)
        intake.taken, intake.held = result.taken, result.clashes
        intake.is_replaced = result.is_replaced
        self._set_aside(intake)
        self._follow_state(intake)
        self._take(intake)

    def _set_aside(self, intake: Intake) -> None:
        """A headline that the publisher changes is no news to readers until a person agrees."""
        article = intake.article
        decided = article.state == State.PUBLISHED and article.touched_at is not None
        if not decided or intake.is_replaced or settings.LIVE_TEXT != "draft":
            return
        if {*DRAFTED} & intake.taken.keys() and article.provider.policy != Policy.TRUSTED:
            found = [key for key in DRAFTED if key in intake.taken]
            intake.drafted = {key: intake.taken.pop(key) for key in found}
            intake.report.warnings += (
                f"{' and '.join(found)}: waits as a draft; the article is live",
            )

    def _take(self, intake: Intake) -> None:
        article, values = intake.article, intake.values
        set_columns(article, intake.taken)
        if DESK_KEYS & intake.taken.keys():
            article.version += 1
        if BODY in intake.taken:
            article.body = intake.taken[BODY] or ""
        if intake.is_another_piece:
            intake.claims = {}
        else:
            set_identity(article, values)
            if not self._is_as_told(article, values):
                article.heat_extra = heat_extra(values, len(intake.claims))
        if not same(intake.base.get("secured"), values.get("secured")):
            article.is_seal_stale = False
        article.run = self.run
        if intake.held:
            intake.report.outcome = "conflict"
            intake.report.warnings += tuple(f"{one.key}: {one.message}" for one in intake.held)

    def _follow_state(self, intake: Intake) -> None:
        """What the file asks of the state, when it changed its mind since the base."""
        article, wanted = intake.article, file_state(intake.values)
        before = file_state(intake.base)
        if wanted == before:
            return
        if before == State.WITHDRAWN:
            clash = Clash("removed", None, True, "the file takes its `removed: true` back")
            intake.held.append(clash)
            return
        if article.touched_at is not None:
            if wanted == State.WITHDRAWN and article.state != State.WITHDRAWN:
                intake.report.warnings += (UPSTREAM_REMOVAL,)
                article.removed_upstream_at = self.at
            article.file_state = wanted
        elif not (self.as_drafts and wanted == State.PUBLISHED):
            article.file_state = wanted

    def _is_as_told(self, article: Article, values: Values) -> bool:
        """Whether the file's heat is the one that an export printed, perhaps one that was killed
        before it agreed: it counts all of the story, of which the file itself may name fewer, and
        is none while another leads, however high it was and will be."""
        if article.state_acted_at is None:
            return False
        told = state_keys(article, self.at)
        is_out = values.get("published") is True
        return (is_out, values.get("heat")) == (told["published"], told["heat"])


def with_body(record: Record) -> Values:
    """A record's values with the body beside the keys, as `merge` wants them."""
    return record.values | {BODY: record.body, **{f"\0{k}": v for k, v in record.unknown.items()}}


def _changed(base: Values, file: Values) -> list[str]:
    """The keys whose values differ from the base, unknown ones included, in file order."""
    keys = dict.fromkeys([*file, *base])
    return [key.lstrip("\0") for key in keys if not same(base.get(key), file.get(key))]


def _spelled(values: Values, topics: Topics) -> Values:
    """Values with topics in the desk's spelling, so that another spelling is no change."""
    return values | {"topics": topics.names(values.get("topics"))}


def missing(article: Article, values: Values, at: datetime) -> list[str]:
    """What a person would have to mend in an article of this front matter before publishing; no
    reason to refuse a file."""
    found = []
    if article.published_at is None:
        found.append("publishedDateTime: missing; readers see no time")
    elif article.published_at > at + timedelta(minutes=10):
        found.append(
            f"publishedDateTime: {article.published_at:%Y-%m-%d %H:%M} UTC is in the future"
        )
    if settings.MIN_TOPICS and not values.get("topics"):
        found.append("topics: none; readers find it under no topic")
    return found
