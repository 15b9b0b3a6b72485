"""Heat and rank by the published formulas."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from articles.ranking import heat, rank

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def test_a_published_lead_gains_20_for_each_related_article() -> None:
    assert heat(67, 3, is_published=True) == 127


def test_an_unpublished_lead_has_its_quality_alone() -> None:
    assert heat(67, 3, is_published=False) == 67


def test_what_the_machine_added_survives_a_recomputation() -> None:
    assert heat(67, 3, is_published=True, extra=4) == 131


def test_twice_the_heat_is_worth_one_half_life() -> None:
    assert rank(200, NOON, 12) == rank(100, NOON + timedelta(hours=12), 12)


@given(st.integers(-1, 3_000), st.integers(-1, 3_000), st.integers(0, 500), st.integers(1, 48))
def test_the_order_of_two_stories_does_not_depend_on_when_it_is_asked(
    one: int, other: int, hours: int, half_life: int
) -> None:
    later = NOON + timedelta(hours=hours)
    difference = rank(one, NOON, half_life) - rank(other, later, half_life)
    moved = timedelta(days=365)
    again = rank(one, NOON + moved, half_life) - rank(other, later + moved, half_life)
    assert abs(difference - again) < 1e-6


def test_a_story_without_heat_still_has_a_place() -> None:
    assert rank(-1, NOON, 12) == rank(0, NOON, 12) == rank(1, NOON, 12)
