"""A plugin of pytest: which checks refuse in which tests, and which tests fail without them.

Without a plan it runs every test as it is and writes down what refused. With one it runs, for each
check, the tests of the plan without it until one fails; that one has to pass again with it.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from . import switches

OUT = Path(os.environ["NEWSROOM_MUTATIONS_OUT"])
PLAN = os.environ.get("NEWSROOM_MUTATIONS_PLAN", "")
PATIENCE = 60
"""Seconds that a test may take without a check; one that hangs has noticed."""

_taken_away: int | None = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[Any]:
    """What is built for a test is built with every check."""
    switches.off = _taken_away
    switches.refused.clear()
    if _taken_away is not None:
        signal.signal(signal.SIGALRM, _give_up)
        signal.alarm(PATIENCE)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        switches.off = None


def _give_up(*_: object) -> None:
    raise TimeoutError(f"not done after {PATIENCE} s")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own."""
    if PLAN:
        _take_away(session.items, json.loads(Path(PLAN).read_text()))
    else:
        _record(session.items)
    session._setupstate.teardown_exact(None)
    return True


def _record(items: Sequence[pytest.Item]) -> None:
    found = {}
    for item in items:
        began = time.process_time()
        if not _passes(item, items):
            pytest.exit(f"without any change fails: {item.nodeid}", 3)
        found[item.nodeid] = (time.process_time() - began, sorted(switches.refused))
    OUT.write_text(json.dumps(found))


def _take_away(items: Sequence[pytest.Item], plan: dict[str, list[str]]) -> None:
    global _taken_away
    by_name = {item.nodeid: item for item in items}
    noticed = {}
    for number, names in plan.items():
        for item in map(by_name.__getitem__, names):
            _taken_away = int(number)
            is_noticed = not _passes(item, items)
            _taken_away = None
            if is_noticed:
                if not _passes(item, items):
                    pytest.exit(f"fails after check {number} is back: {item.nodeid}", 3)
                noticed[number] = item.nodeid
                break
        OUT.write_text(json.dumps(noticed))


def _passes(item: pytest.Item, items: Sequence[pytest.Item]) -> bool:
    """Whether it passes; what other tests of its module share is kept."""
    item.session._setupstate.teardown_exact(item)
    beside = [one for one in items if one.path == item.path and one is not item]
    following = next(iter([*beside, *(one for one in items if one is not item)]), None)
    reports = runtestprotocol(item, log=False, nextitem=following)
    return not any(report.failed for report in reports)
