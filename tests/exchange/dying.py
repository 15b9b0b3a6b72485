"""Processes that end at one of their steps as a power cut would end them.

Children are forked from a process that has set Django up and holds no connection, which is far
faster than starting each anew.
"""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from articles.exchange import repository


class Steps:
    """Counts statements, renamed files and commands to git, and ends the process at one of them as
    a power cut would."""

    def __init__(self, last: int | None) -> None:
        self.done, self._last = 0, last

    def step(self) -> None:
        if self.done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.done += 1

    def statement(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.step()
        return execute(sql, params, many, context)

    def watch(self, task: Callable[[], None]) -> None:
        patch = pytest.MonkeyPatch()
        patch.setattr(os, "replace", self._counted(os.replace))
        patch.setattr(repository, "_git", self._counted(repository._git))
        with connection.execute_wrapper(self.statement):
            task()

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.step()
            done = call(*arguments, **options)
            self.step()
            return done

        return counted


def in_child(
    task: Callable[[], Any], *, dies_at: int | None = None, dies_after: float | None = None
) -> dict[str, Any] | None:
    """What a task answers and how many steps it took; None when it died.

    It dies alone at a step, or after so many seconds with all that it started.
    """
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        answers: list[Any] = []
        steps = Steps(dies_at)
        steps.watch(lambda: answers.append(task()))
        with os.fdopen(writing_end, "w") as pipe:
            json.dump({"answer": answers[0], "steps": steps.done}, pipe, default=str)
        connection.close()
        os._exit(0)
    os.close(writing_end)
    if dies_after is not None and not select.select([reading], [], [], dies_after)[0]:
        # It may not have made its group yet.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None
