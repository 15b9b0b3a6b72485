"""What editors said of pairs of articles: of one story, or not. Neither files nor suggestions
override it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import product
from typing import Any

from ..models import PairFact

Pair = tuple[int, int]
"""Two articles' ids, the smaller first."""

ROWS = 5_000
"""Pairs stored by one statement."""

Said = dict[Pair, list[Any]]
"""[is_together, actor, time] of pairs, in types of JSON."""


def pair(one: int, other: int) -> Pair:
    return (min(one, other), max(one, other))


def between(some: Iterable[int], others: Collection[int]) -> set[Pair]:
    """Every pair of one of some articles with one of the others."""
    return {pair(one, other) for one, other in product(some, others)}


def among(ids: Collection[int]) -> Said:
    """What was said of pairs within these articles; one query."""
    found = PairFact.objects.filter(first__among=list(ids), second__among=list(ids))
    rows = found.values_list("first", "second", "is_together", "actor", "created_at")
    return {(one, two): [said, actor, at.isoformat()] for one, two, said, actor, at in rows}


def say(pairs: Iterable[Pair], actor_id: int | None, at: datetime, *, is_together: bool) -> None:
    """Store a fact about each pair, over whatever was said before."""
    put((one, two, [is_together, actor_id, at.isoformat()]) for one, two in sorted(pairs))


def put(facts: Iterable[tuple[int, int, list[Any]]]) -> None:
    """Store facts as `among` tells them."""
    rows = [
        PairFact(
            first_id=one,
            second_id=two,
            is_together=said,
            actor_id=actor,
            created_at=datetime.fromisoformat(at),
        )
        for one, two, (said, actor, at) in facts
    ]
    PairFact.objects.bulk_create(
        rows,
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["is_together", "actor", "created_at"],
    )


def forget(pairs: Iterable[Pair]) -> None:
    """Nothing was said of these pairs; one query for each article that is the first of some."""
    seconds: dict[int, list[int]] = {}
    for one, two in pairs:
        seconds.setdefault(one, []).append(two)
    for one, others in seconds.items():
        PairFact.objects.filter(first=one, second__among=others).delete()


def differences(before: Said, after: Said) -> list[list[Any]]:
    """[first, second, what was said before or None] of the pairs that differ."""
    return [
        [*key, before.get(key)]
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
