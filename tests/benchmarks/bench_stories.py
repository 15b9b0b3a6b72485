"""Stories: how well arrivals find them, and what an arrival costs the larger the newsroom is.

NEWSROOM_BENCH_STORIES_ARTICLES (1000000) against SMALL, a tenth of each within the window.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import psycopg

from articles.likeness import evaluate

from .databases import Databases, environment, postgresql, sqlite
from .figure import Figure
from .measure import run
from .sites import CORPUS
from .stories_fit import FOLDED, Labelled, cross_validated, load

ARTICLES = int(os.environ.get("NEWSROOM_BENCH_STORIES_ARTICLES", 1_000_000))
SMALL, REPEATS = 10_000, 15
REACH = {
    "B-cubed F1": 0.92,
    "pair precision": 0.90,
    "suggestions, recall@5": 0.95,
    "suggestions, a right one among five": 0.99,
}
FOLD = "B-cubed F1, cross-validated by {}"
COST = "one arrival: {:,} articles / {:,}, {}"
MOST = 5.0


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    table = CORPUS / "stories.tsv"
    if table.exists():
        yield from _quality(load(table))
    else:
        for name, reach in REACH.items():
            yield Figure.missing(name, reach, "no labelled articles here")
    yield from _cost()


def _quality(known: Labelled) -> Iterator[Figure]:
    """First with the weights as they are, which have seen these articles, then without."""
    found = evaluate(known.pieces, known.events)
    got = (found.stories.f1, found.pairs.precision, found.recall, found.hit_rate)
    for (name, reach), value in zip(REACH.items(), got, strict=True):
        yield Figure.at_least(name, value, reach)
    for kind, fold in FOLDED.items():
        scores = [score.f1 for score in cross_validated(known, fold)]
        note = f"of {len(scores)} folds: {', '.join(f'{score:.2f}' for score in scores)}"
        figure = Figure.at_least(FOLD.format(kind), fmean(scores), REACH["B-cubed F1"])
        yield replace(figure, note=note)


def _cost() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            yield _of_database(databases, work)
        try:
            with postgresql(work / "postgresql") as databases:
                yield _of_database(databases, work)
        except psycopg.OperationalError:
            name = COST.format(ARTICLES, SMALL, "PostgreSQL")
            yield Figure.missing(name, MOST, "nothing answers at TEST_POSTGRES_URL")


def _of_database(databases: Databases, work: Path) -> Figure:
    small, large = (_measured(databases, articles, work) for articles in (SMALL, ARTICLES))
    ratio = large["seconds"] / small["seconds"]
    figure = Figure.at_most(COST.format(ARTICLES, SMALL, databases.name), ratio, MOST)
    times = f"{large['seconds'] * 1000:.0f} / {small['seconds'] * 1000:.0f} ms"
    memory = f"{large['megabytes']:.0f} / {small['megabytes']:.0f} MB"
    return replace(figure, note=f"{times}, {memory}")


def _measured(databases: Databases, articles: int, work: Path) -> dict[str, Any]:
    url, output = databases.fresh(), work / "output.txt"
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", f"{__package__}.with_django"]
    run([*command, "filling", str(articles)], own, output)
    run([*command, "stories_asking", str(REPEATS)], own, output)
    databases.drop(url)
    found: dict[str, Any] = json.loads(output.read_text().splitlines()[-1])
    return found
