"""Whatever is done to stories in whatever order, with imports in between: every undo is exact, and
the laws of stories hold after each step. `make bench ONLY=stories` takes 10,000 steps."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from django.db import transaction as database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.shares import ALL
from tests.stories.newsroom import Newsroom

seeds = st.integers(0, 2**32)


class Walk(RuleBasedStateMachine):
    """A newsroom of its own for each walk."""

    base: Path
    number = 0
    steps = 0
    """Acts and undos of all walks."""

    def __init__(self) -> None:
        super().__init__()
        self._inner = database.atomic()
        self._inner.__enter__()
        Walk.number += 1
        folder = self.base / str(Walk.number)
        (folder / "_news").mkdir(parents=True)
        self.newsroom = Newsroom(folder)

    def teardown(self) -> None:
        Walk.steps += self.newsroom.steps
        database.set_rollback(True)
        self._inner.__exit__(None, None, None)

    @initialize(seed=seeds)
    def begin(self, seed: int) -> None:
        self.newsroom.begin(Random(seed))

    @rule(seed=seeds)
    def act(self, seed: int) -> None:
        self.newsroom.act(Random(seed))

    @rule(seed=seeds)
    def act_more(self, seed: int) -> None:
        self.newsroom.act(Random(seed))

    @rule(seed=seeds)
    def bring_in(self, seed: int) -> None:
        self.newsroom.import_something(Random(seed))

    @invariant()
    def no_law_is_broken(self) -> None:
        self.newsroom.check()
        assert self.newsroom.wrong == []


@pytest.mark.django_db
def test_no_walk_breaks_a_law_of_stories(tmp_path: Path) -> None:
    Walk.base = tmp_path
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    few = settings(
        max_examples=30 if ALL else 6,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=checks,
    )
    run_state_machine_as_test(Walk, settings=few)
    # Each law is asked after each step; walks that get nowhere would break none.
    assert Walk.steps > 2 * Walk.number > 0
