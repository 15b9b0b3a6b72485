"""The same files imported in many ways, and whether a database could tell (laws 4 and 6)."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import transaction

from articles.exchange import loading
from articles.frontmatter import read
from tests.content import put
from tests.exchange.acts import bring_in
from tests.exchange.sites import clocks, made_up_site, snapshot

TRIAL = """
import sys
from pathlib import Path
import django
django.setup()
from tests.exchange.trials import main
main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""
"""To run by `python -c` with: a folder, the first seed, how many sites."""

JOBS_EVERY = 5
"""Processes are slow to start: one site in so many is read by two."""

Found = tuple[dict[str, Any], dict[str, Any]]


def trial(*runs: Sequence[Path], **options: Any) -> Found:
    """What the database holds after these imports, which leave no trace, and its clocks."""
    with transaction.atomic():
        for paths in runs:
            bring_in(*paths, **options)
        found = snapshot(), clocks()
        transaction.set_rollback(True)
    return found


def files(folder: Path) -> list[Path]:
    """The article files of a folder."""
    return sorted((folder / "_news").iterdir())


@contextmanager
def chunks_of(count: int) -> Iterator[None]:
    """Imports of so many files a transaction."""
    with patch.object(loading, "CHUNK_FILES", count):
        yield


@contextmanager
def without_libyaml() -> Iterator[None]:
    """Imports by the pure parser."""
    with patch.object(loading, "read", partial(read, pure=True)):
        yield


def differing_orders(folder: Path, seed: int, expected: Found) -> list[str]:
    """The orders of arrival, over several runs, that end otherwise than one run of all."""
    seeded = random.Random(seed)
    shuffled = files(folder)
    seeded.shuffle(shuffled)
    middle = seeded.randrange(1, len(shuffled))
    orders = {
        "one by one": [[file] for file in shuffled],
        "in two parts": [shuffled[:middle], shuffled[middle:]],
        "a part, then all": [shuffled[:middle], [folder]],
    }
    return [how for how, runs in orders.items() if trial(*runs)[0] != expected[0]]


def differing_ways(folder: Path, seed: int, expected: Found, *, jobs: int = 1) -> list[str]:
    """The ways of one run that end otherwise than the plain one."""
    found = []
    with chunks_of(random.Random(seed).randrange(1, 6)):
        if trial([folder]) != expected:
            found.append("in small batches")
    with without_libyaml():
        if trial([folder]) != expected:
            found.append("without libyaml")
    if jobs > 1 and trial([folder], jobs=jobs) != expected:
        found.append(f"with {jobs} jobs")
    return found


def main(folder: Path, first: int, count: int) -> None:
    """Try sites of so many seeds; prints JSON: the ways that differ, and digests of what the
    databases held, by seed."""
    differing, digests, ways = [], {}, 0
    for seed in range(first, first + count):
        settled = put(folder / f"{seed}-settled", *made_up_site(seed))
        unsettled = put(folder / f"{seed}-unsettled", *made_up_site(seed, is_settled=False))
        jobs = 2 if seed % JOBS_EVERY == 0 else 1
        expected = trial([settled])
        found = differing_orders(settled, seed, expected)
        found += differing_ways(unsettled, seed, trial([unsettled]), jobs=jobs)
        ways += 5 + (jobs > 1)
        differing += [f"seed {seed}: {how}" for how in found]
        held = json.dumps([expected[0], trial([unsettled])[0]], default=str)
        digests[seed] = hashlib.sha256(held.encode()).hexdigest()
    print(json.dumps({"ways": ways, "differing": differing, "digests": digests}))
