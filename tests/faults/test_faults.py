"""A small share of the faults, and what the command says; all of them: `make faults`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.shares import LONG

from . import passing
from .__main__ import main
from .account import figure

pytestmark = pytest.mark.django_db


@LONG
def test_what_passes_with_the_clock_is_right_in_every_cache_to_the_moment(tmp_path: Path, settings):
    seed = random.randrange(10**6)
    settings.PAGE_SECONDS = 60
    some = passing.Passing(tmp_path, seed)
    some.run(10)
    assert some.wrong == [], seed
    assert some.caches["shared cache"].of_itself > 10


def test_a_fault_that_is_not_known_is_refused_by_its_name(capsys: pytest.CaptureFixture[str]):
    assert main(["earthquake"]) == 2
    assert "full-disk" in capsys.readouterr().out


def test_a_figure_tells_of_each_thing_that_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    account = tmp_path / "faults.txt"
    monkeypatch.setattr("tests.faults.account.ACCOUNT", account)
    assert figure("kills", [], "of 3").verdict == "ok"
    assert figure("kills", ["one was lost"], "of 3").verdict == "short"
    assert account.read_text() == "kills: one was lost\n"
