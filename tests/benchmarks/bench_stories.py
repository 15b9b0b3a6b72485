"""Stories: how well arrivals find them, and what an arrival costs the larger the newsroom is.

NEWSROOM_BENCH_STORIES_ARTICLES (1000000) against SMALL, a tenth of each within the window; and
NEWSROOM_BENCH_STORIES_ACTS (10000) random acts and undos, with imports in between.
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
ACTS = int(os.environ.get("NEWSROOM_BENCH_STORIES_ACTS", 10_000))
SEED = 20_240_506
SMALL, REPEATS = 10_000, 15
REACH = {
    "B-cubed F1": 0.92,
    "pair precision": 0.90,
    "suggestions, recall@5": 0.95,
    "suggestions, a right one among five": 0.99,
}
AMONG = {
    "recall": ("suggestions among all articles, recall@5", 0.95),
    "hit": ("suggestions among all articles, a right one", 0.99),
}
FOLD = "B-cubed F1, cross-validated by {}"
COST = "one arrival: {:,} articles / {:,}, {}"
MOST = 5.0
WALKED = "{:,} random acts and undos, laws broken, {}"


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    table = CORPUS / "stories.tsv"
    if table.exists():
        yield from _quality(load(table))
        yield from _among(table)
    else:
        for name, reach in [*REACH.items(), *AMONG.values()]:
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


def _among(table: Path) -> Iterator[Figure]:
    """As the desk finds them, by its index, with all that is on the site around them."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            found = _printed(databases.fresh(), work, "stories_among", str(table))
    for key, (name, reach) in AMONG.items():
        yield Figure.at_least(name, found[key], reach)


def _cost() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        work = Path(folder)
        with sqlite(work / "sqlite") as databases:
            yield _walked(databases, work)
            yield _of_database(databases, work)
        try:
            with postgresql(work / "postgresql") as databases:
                yield _walked(databases, work)
                yield _of_database(databases, work)
        except psycopg.OperationalError:
            why = "nothing answers at TEST_POSTGRES_URL"
            yield Figure.missing(WALKED.format(ACTS, "PostgreSQL"), 0, why)
            yield Figure.missing(COST.format(ARTICLES, SMALL, "PostgreSQL"), MOST, why)


def _walked(databases: Databases, work: Path) -> Figure:
    url = databases.fresh()
    found = _printed(url, work, "stories_acts", str(ACTS), str(SEED))
    databases.drop(url)
    done, wrong = found["done"], found["wrong"]
    undos = sum(count for name, count in done.items() if name.startswith("undone"))
    figure = Figure.at_most(WALKED.format(ACTS, databases.name), len(wrong), 0)
    counted = f"{undos:,} undos, {done['imports']:,} imports, {done['refused']:,} refused"
    return replace(figure, note=f"{counted}, {found['seconds']:.0f} s{_first(wrong)}")


def _first(wrong: list[str]) -> str:
    return f": {wrong[0]}" if wrong else ""


def _of_database(databases: Databases, work: Path) -> Figure:
    small, large = (_measured(databases, articles, work) for articles in (SMALL, ARTICLES))
    ratio = large["seconds"] / small["seconds"]
    figure = Figure.at_most(COST.format(ARTICLES, SMALL, databases.name), ratio, MOST)
    times = f"{large['seconds'] * 1000:.0f} / {small['seconds'] * 1000:.0f} ms"
    memory = f"{large['megabytes']:.0f} / {small['megabytes']:.0f} MB"
    return replace(figure, note=f"{times}, {memory}")


def _measured(databases: Databases, articles: int, work: Path) -> dict[str, Any]:
    url = databases.fresh()
    _ask(url, work, "filling", str(articles))
    found = _printed(url, work, "stories_asking", str(REPEATS))
    databases.drop(url)
    return found


def _printed(url: str, work: Path, *asked: str) -> dict[str, Any]:
    """What a module of these benchmarks prints about a database."""
    output = _ask(url, work, *asked)
    found: dict[str, Any] = json.loads(output.read_text().splitlines()[-1])
    return found


def _ask(url: str, work: Path, *asked: str) -> Path:
    output = work / "output.txt"
    own = environment(url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    run([sys.executable, "-m", f"{__package__}.with_django", *asked], own, output)
    return output
