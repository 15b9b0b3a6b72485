"""One race of each kind; `make bench ONLY=desk` runs a thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from .racing.running import race

RACES = 9
FILES = 16
IN_EACH_LANE = 3


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_people_who_race_each_other_and_an_import_lose_nothing_and_do_nothing_twice(
    tmp_path: Path,
):
    result = race(tmp_path, RACES, FILES, seed=1, each=IN_EACH_LANE)
    assert {law: found for law, found in result.faults.items() if found} == {}
    assert result.tried["races"] == RACES
    assert result.tried["rounds of the import"] >= 1
