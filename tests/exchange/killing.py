"""A process that runs imports, exports and publishing in children of its own and kills them on the
way.

It works on the database of DATABASE_URL, which it empties.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from articles.exchange import exporting, loading
from articles.models import Article
from articles.publishing import publish
from articles.safety.integrity import problems
from tests.content import files_of, put
from tests.exchange.acts import bring_in, bring_out, counts
from tests.exchange.dying import in_child
from tests.exchange.sites import clocks, made_up_site, snapshot

loading.CHUNK_FILES = 4
exporting.CHUNK = 4


class Task(NamedTuple):
    """`prepared` makes what `first` works on, which is killed; `work` does the same and looks at
    what came of it. Each is given the folder."""

    prepared: Callable[[Path], object]
    first: Callable[[Path], object]
    work: Callable[[Path], Any]


def state() -> dict[str, Any]:
    return {"snapshot": snapshot(), "clocks": clocks(), "disagrees": list(problems())}


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
    Article.objects.all().mark()


def exported(folder: Path) -> Any:
    report = bring_out(folder)
    return {
        "problems": report.new_problems(),
        **state(),
        "files": {path: data.decode() for path, data in files_of(folder).items()},
        "again": counts(bring_out(folder)),
        "imported": counts(bring_in(folder)),
    }


def site_of(folder: Path) -> Path:
    """Where the public site of a content folder is published."""
    return folder.with_name(f"{folder.name}-site")


def anew_of(folder: Path) -> Path:
    """Where it is published by a run that no other went before."""
    return folder.with_name(f"{folder.name}-anew")


def pages_of(site: Path) -> dict[str, bytes]:
    """What a host would serve."""
    return {path: data for path, data in files_of(site).items() if ".newsroom" not in path}


def published_before(folder: Path) -> None:
    """A site that was published, and a few stories changed since."""
    for site in (site_of(folder), anew_of(folder)):
        shutil.rmtree(site, ignore_errors=True)
    bring_in(folder)
    publish(site_of(folder))
    live = Article.objects.published().order_by("slug")
    for row in live[::3]:
        Article.objects.filter(pk=row.pk).update(title=f"{row.title}, changed")
    for row in live[1::5]:
        Article.objects.filter(pk=row.pk).update(state="unpublished")


def published(folder: Path) -> Any:
    publish(site_of(folder))
    again = publish(site_of(folder))
    publish(anew_of(folder), is_fresh=True)
    site, anew = pages_of(site_of(folder)), pages_of(anew_of(folder))
    return {
        "differs": sorted(path for path in site.keys() | anew if site.get(path) != anew.get(path)),
        "again": [again.written, again.deleted],
    }


TASKS = {
    "import": Task(lambda _: None, bring_in, imported),
    "export": Task(edited, bring_out, exported),
    "publish": Task(published_before, lambda folder: publish(site_of(folder)), published),
}


def emptied() -> None:
    """As `flush` leaves a database, at a tenth of its time on PostgreSQL: that makes files anew for
    every table and index, where a site has thousands of rows at most."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for name in set(names) - {"django_migrations"}:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
    emit_post_migrate_signal(0, False, connection.alias)


def begin(folder: Path, seed: int, task: Task) -> None:
    """An empty database and the folder as it was, prepared for the task."""
    in_child(emptied)
    put(folder, *made_up_site(seed, is_settled=False))
    in_child(lambda: task.prepared(folder) and None)


def killed(folder: Path, task: Task, **how: Any) -> dict[str, Any]:
    """What a run that dies leaves, and how the next one ends."""
    site = site_of(folder)
    shown = pages_of(site)
    died = in_child(lambda: task.first(folder) and None, **how) is None
    left, shows = files_of(folder), pages_of(site)
    disagrees = in_child(lambda: list(problems()))
    done = in_child(lambda: task.work(folder))
    wanted = pages_of(anew_of(folder))
    return {
        "died": died,
        "after": {path: data.decode() for path, data in left.items()},
        "disagrees": disagrees and disagrees["answer"],
        "torn": [
            path for path, data in shows.items() if data not in (shown.get(path), wanted.get(path))
        ],
        "done": done,
    }


def main(name: str, folder: Path, seed: int, kills: int) -> None:
    """One run undisturbed, then each killed at a random step and run again; prints JSON.

    `name` is one of TASKS.
    """
    task = TASKS[name]
    seeded = random.Random(seed)
    begin(folder, seed, task)
    before = files_of(folder)
    # Only the steps of the one run count, not those of looking at what it did.
    counted = in_child(lambda: task.first(folder) and None)
    begin(folder, seed, task)
    undisturbed = in_child(lambda: task.work(folder))
    assert counted is not None
    assert undisturbed is not None
    found = []
    for _ in range(kills):
        point, one = counted["steps"], {"died": False}
        while point and not one["died"]:
            # Pages may take fewer steps than they did the first time.
            point = seeded.randrange(point)
            begin(folder, seed, task)
            one = killed(folder, task, dies_at=point)
        found.append({"point": point} | one)
    print(
        json.dumps(
            {
                "before": {path: data.decode() for path, data in before.items()},
                "undisturbed": undisturbed["answer"],
                "killed": found,
            }
        )
    )
