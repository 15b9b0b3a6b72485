"""Whatever people and files do in whatever order: no state outside the table, and readers see what
is published and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles.models import Article, Note, Transition
from articles.states import TABLE, UNDO, Action, State
from articles.stories import NotPossible, attach, detach, swap_lead
from articles.stories.bar import above_bar
from articles.workflow import (
    ActRefused,
    add_note,
    answer_removal,
    draft_of,
    resolve_note,
    save,
    successors,
    transition,
    undo,
)
from tests.content import Piece, put, story
from tests.exchange.acts import bring_in
from tests.factories import make_user

ROLES = ("contributor", "editor", "publisher", "managing editor", "superuser")
NAMES = ("coast-a", "dune-b", "reef-c", "isle-d")
PLANNED = (Action.PUBLISH, Action.REPUBLISH, Action.RESCHEDULE)
LEAVING = (Action.UNPUBLISH, Action.SPIKE, Action.WITHDRAW)
REFUSED = (ActRefused, NotPossible, PermissionDenied, ValidationError)

FILE_CHANGES: list[dict[str, Any]] = [
    {"title": "Theirs"},
    {"quality": 75},
    {"removed": True},
    {"removed": False},
    {"published": True},
    {"published": False},
]

names = st.sampled_from(NAMES)
roles = st.sampled_from(ROLES)
acts = st.sampled_from([a for a in Action if a not in (Action.EDIT, Action.SAVE_DRAFT)])


class Walk(RuleBasedStateMachine):
    """A story of three and a single article, in a folder and on the desk."""

    people: dict[str, User]

    def __init__(self) -> None:
        super().__init__()
        self._inner = database.atomic()
        self._inner.__enter__()
        self._folder = TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.seen: set[int] = set()
        (self.folder / "_config.yml").write_text("title: Coast\n")

    def teardown(self) -> None:
        database.set_rollback(True)
        self._inner.__exit__(None, None, None)
        self._folder.cleanup()

    @initialize(is_published=st.booleans())
    def begin(self, is_published: bool) -> None:
        pieces = [Piece(name, quality=40 + 10 * n) for n, name in enumerate(NAMES[:3])]
        pieces = [piece.but(published=is_published) for piece in pieces]
        self.pieces = {piece.name: piece for piece in [*story(*pieces), Piece(NAMES[3])]}
        self.bring_in()

    def bring_in(self) -> None:
        put(self.folder, *self.pieces.values())
        bring_in(self.folder)

    def row(self, name: str) -> Article:
        return Article.objects.get(slug=name)

    @rule(
        name=names,
        action=acts,
        role=roles,
        hours=st.sampled_from([None, -1, 1]),
        is_stale=st.sampled_from([False, False, True]),
        names_heir=st.booleans(),
    )
    def act(
        self,
        name: str,
        action: Action,
        role: str,
        hours: int | None,
        is_stale: bool,
        names_heir: bool,
    ) -> None:
        row, data = self.row(name), dict[str, Any]()
        if action in PLANNED and hours is not None:
            data["go_live_at"] = timezone.now() + timedelta(hours=hours)
        if action is Action.ASSIGN:
            data["assignee"] = self.people["editor"]
        if action in LEAVING and names_heir and (heirs := successors(row)):
            data["successor"] = heirs[0]
        version = row.version - is_stale
        self.attempt(
            transition,
            row,
            action,
            self.people[role],
            expected_version=version,
            comment="why",
            **data,
        )

    @rule(name=names, role=roles, title=st.sampled_from(["Sun", "Rain", "Snow"]))
    def write(self, name: str, role: str, title: str) -> None:
        row = self.row(name)
        version = row.version
        self.attempt(save, row, self.people[role], {"title": title}, expected_version=version)

    @rule(role=roles)
    def take_back(self, role: str) -> None:
        undo(self.people[role])

    @rule(role=roles, action=acts)
    def act_on_all_and_take_back(self, role: str, action: Action) -> None:
        batch, before = uuid4().hex, self.states()
        for name in NAMES:
            row, person = self.row(name), self.people[role]
            data = {"assignee": person} if action is Action.ASSIGN else {}
            self.attempt(
                transition,
                row,
                action,
                person,
                expected_version=row.version,
                comment="all",
                batch=batch,
                **data,
            )
        assert undo(self.people[role], batch=batch).refused == []
        assert self.states() == before

    @rule(name=names, role=roles)
    def swap(self, name: str, role: str) -> None:
        row = self.row(name)
        self.attempt(swap_lead, row, self.people[role], expected_version=row.version)

    @rule(name=names, to=names, role=roles)
    def move(self, name: str, to: str, role: str) -> None:
        row = self.row(name)
        if name == to:
            self.attempt(detach, row, self.people[role], expected_version=row.version)
        else:
            self.attempt(attach, row, self.row(to), self.people[role])

    @rule(name=names, is_blocking=st.booleans())
    def note(self, name: str, is_blocking: bool) -> None:
        for note in Note.objects.filter(article__slug=name, resolved_at=None):
            resolve_note(note, self.people["editor"])
        add_note(self.row(name), self.people["editor"], "True?", is_blocking=is_blocking)

    @rule(
        name=names,
        change=st.sampled_from(FILE_CHANGES),
    )
    def files_change(self, name: str, change: dict[str, Any]) -> None:
        self.pieces[name] = self.pieces[name].but(**change)
        self.bring_in()

    @rule(name=names, answer=st.sampled_from(["keep", "withdraw"]), role=roles)
    def answer(self, name: str, answer: str, role: str) -> None:
        row = self.row(name)
        version, person = row.version, self.people[role]
        self.attempt(answer_removal, row, person, answer, expected_version=version, comment="so")

    @rule(four_eyes=st.booleans(), reapprove=st.booleans())
    def decide_otherwise(self, four_eyes: bool, reapprove: bool) -> None:
        site.FOUR_EYES, site.REAPPROVE_ON_EDIT = four_eyes, reapprove

    def attempt(self, what: Any, *arguments: Any, **named: Any) -> None:
        try:
            with database.atomic():
                what(*arguments, **named)
        except REFUSED:
            pass

    def states(self) -> list[tuple[Any, ...]]:
        columns = ("slug", "state", "title", "story", "is_lead", "assignee", "draft", "came_from")
        return list(Article.objects.order_by("pk").values_list(*columns))

    @invariant()
    def readers_see_what_is_published_and_nothing_else(self) -> None:
        for at in (timezone.now(), timezone.now() + timedelta(hours=2)):
            public = set(Article.objects.published(at))
            shown = set(Article.objects.shown(at))
            rows = Article.objects.select_related("provider")
            assert public == {row for row in rows if row.is_published(at)}
            assert public <= shown
            leads = {row.story_id for row in public}
            hidden = {State.SPIKED, State.WITHDRAWN, State.UNPUBLISHED, State.CHANGES_REQUESTED}
            for row in shown - public:
                assert row.story_id in leads
                assert row.state not in hidden

    @invariant()
    def nothing_appears_without_the_right_to_publish(self) -> None:
        public = set(Article.objects.published().values_list("pk", flat=True))
        for pk in public - self.seen:
            act = Transition.objects.filter(article=pk, to_state=State.PUBLISHED).latest("id")
            assert act.run or (act.actor and act.actor.has_perm("articles.publish"))
        self.seen = public

    @invariant()
    def every_row_is_as_its_record_says(self) -> None:
        for row in Article.objects.all():
            state, version = "", 0
            for act in row.transitions.select_related("undoes").order_by("id"):
                check_step(act, state)
                assert act.version >= version
                state, version = act.to_state, act.version
            assert (row.state, row.version >= version) == (state, True)
            assert (row.draft_id is None) or row.state == State.PUBLISHED
            assert (draft_of(row) is None) == (row.draft_id is None)
        up = Article.objects.filter(is_above_bar=True)
        assert set(up) == set(Article.objects.filter(above_bar()))


def check_step(act: Transition, state: str) -> None:
    """One row of the audit is one step that the table, or the table of files, lists."""
    assert act.from_state == state
    if act.action == UNDO:
        assert act.undoes is not None
        assert act.to_state == act.undoes.from_state
    elif act.action in set(Action):
        step = TABLE[Action(act.action)]
        assert State(state) in step.open_in()
        assert not isinstance(step.to, State) or act.to_state == step.to
    else:
        assert act.action.startswith("import_") or act.action in OTHER


OTHER = {"swap_lead", "attach", "detach", "keep_removed", "source_replaced"}


@pytest.fixture
def desk(db: None) -> Iterator[None]:
    """The people; what the walk sets of the site is put back."""
    before = site.FOUR_EYES, site.REAPPROVE_ON_EDIT
    Walk.people = {role: make_user(role) for role in ROLES}
    yield
    site.FOUR_EYES, site.REAPPROVE_ON_EDIT = before


def test_no_walk_leaves_the_table_or_shows_what_is_not_published(desk: None) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    few = settings(
        max_examples=10,
        stateful_step_count=14,
        deadline=None,
        # The same walks on every machine; WALKS asks for that many others.
        derandomize="WALKS" not in os.environ,
        suppress_health_check=checks,
    )
    if wanted := os.environ.get("WALKS"):
        few = settings(few, max_examples=int(wanted), stateful_step_count=30, database=None)
    run_state_machine_as_test(Walk, settings=few)
