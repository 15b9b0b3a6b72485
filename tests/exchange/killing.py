"""A process that runs imports and exports in children of its own and kills them on the way.

It works on the database of DATABASE_URL, which it empties. Children are forked from a process that
has set Django up and holds no connection, which is far faster than starting each anew.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from articles.exchange import exporting, loading
from articles.models import Article
from tests.content import files_of, put
from tests.exchange.acts import bring_in, bring_out, counts
from tests.exchange.sites import clocks, made_up_site, snapshot

loading.CHUNK_FILES = 4
exporting.CHUNK = 4


class Steps:
    """Counts statements and renamed files, and ends the process at one of them as a power cut
    would."""

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
        replace = os.replace

        def replaced(source: Any, target: Any) -> None:
            self.step()
            replace(source, target)
            self.step()

        pytest.MonkeyPatch().setattr(os, "replace", replaced)
        with connection.execute_wrapper(self.statement):
            task()


def in_child(task: Callable[[], Any], *, dies_at: int | None = None) -> dict[str, Any] | None:
    """What a task answers and how many steps it took; None when it died."""
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        answers: list[Any] = []
        steps = Steps(dies_at)
        steps.watch(lambda: answers.append(task()))
        with os.fdopen(writing_end, "w") as pipe:
            json.dump({"answer": answers[0], "steps": steps.done}, pipe, default=str)
        connection.close()
        os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def state() -> dict[str, Any]:
    return {"snapshot": snapshot(), "clocks": clocks()}


def imported(folder: Path) -> Any:
    """Import, and import again: the outcome, and what the second one says."""
    report = bring_in(folder)
    return {"problems": report.new_problems(), **state(), "again": counts(bring_in(folder))}


def edited(folder: Path) -> None:
    """A folder imported, and titles changed here and there."""
    bring_in(folder)
    for row in Article.objects.order_by("slug")[::3]:
        row.title += ", changed"
        row.save()
    Article.objects.update(is_edited=True)


def exported(folder: Path) -> Any:
    report = bring_out(folder)
    return {
        "problems": report.new_problems(),
        **state(),
        "files": {path: data.decode() for path, data in files_of(folder).items()},
        "again": counts(bring_out(folder)),
        "imported": counts(bring_in(folder)),
    }


def begin(folder: Path, seed: int, task: str) -> None:
    """An empty database and the folder as it was; for an export, imported and edited."""
    in_child(lambda: call_command("flush", interactive=False, verbosity=0))
    put(folder, *made_up_site(seed, is_settled=False))
    if task == "export":
        in_child(lambda: edited(folder))


def main(task: str, folder: Path, seed: int, kills: int) -> None:
    """One run undisturbed, then each killed at a random step and run again; prints JSON.

    `task` is "import" or "export".
    """
    work = {"import": imported, "export": exported}[task]
    first = {"import": bring_in, "export": bring_out}[task]
    seeded = random.Random(seed)
    begin(folder, seed, task)
    before = files_of(folder)
    # Only the steps of the one run count, not those of looking at what it did.
    counted = in_child(lambda: first(folder) and None)
    begin(folder, seed, task)
    undisturbed = in_child(lambda: work(folder))
    assert counted is not None
    assert undisturbed is not None
    found = []
    for _ in range(kills):
        begin(folder, seed, task)
        point = seeded.randrange(counted["steps"])
        died = in_child(lambda: first(folder) and None, dies_at=point) is None
        after = {path: data.decode() for path, data in files_of(folder).items()}
        done = in_child(lambda: work(folder))
        found.append({"point": point, "died": died, "after": after, "done": done})
    print(
        json.dumps(
            {
                "before": {path: data.decode() for path, data in before.items()},
                "undisturbed": undisturbed["answer"],
                "killed": found,
            }
        )
    )
