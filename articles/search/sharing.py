"""Articles of some days whose headlines share words: asked for from an index of those alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import ucd_3_2_0

from django.db import connections

from .asking import fold
from .headlines import FOUND, TABLE, day_mark

WHOLE = 4
"""Shorter words are asked for as they are, longer ones as the beginnings that stems are."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A stem, what it counts, and the days (`date.toordinal`) on which it is looked for."""

    stem: str
    weight: float
    days: range


Question = tuple[Sequence[Sought], int]
"""What is sought, and how many articles at most."""


def sharing(sought: Sequence[Sought], most: int, using: str = "default") -> list[int]:
    """Ids of the articles that share the most of what is sought by weight; one query."""
    return sharing_each({0: (sought, most)}, using).get(0, [])


def sharing_each(asking: Mapping[int, Question], using: str = "default") -> dict[int, list[int]]:
    """The same for several at once, by their numbers; one query for all of them."""
    vendor, parts, parameters = connections[using].vendor, list[str](), list[Any]()
    for number, (sought, most) in asking.items():
        if asked := [one for one in sought if one.days and _is_known(one.stem)]:
            parts.append(_PART.format(" UNION ALL ".join([_EACH[vendor]] * len(asked))))
            words = _for_postgres if vendor == "postgresql" else _for_sqlite
            values = (value for one in asked for value in (one.weight, words(one)))
            parameters += [number, *values, most]
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    if parts:
        with connections[using].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for number, pk, shared in cursor.fetchall():
                found[number].append((shared, pk))
    return {number: [pk for _, pk in sorted(rows, reverse=True)] for number, rows in found.items()}


_PART = (
    "SELECT %s, one.* FROM (SELECT id, sum(weight) AS shared FROM ({}) AS found"
    " GROUP BY id ORDER BY shared DESC, id DESC LIMIT %s) AS one"
)


_EACH = {
    "sqlite": f"SELECT rowid AS id, %s AS weight FROM {TABLE} WHERE {TABLE} MATCH %s",
    "postgresql": f"SELECT id, %s::float8 AS weight FROM {FOUND}(%s::tsquery) AS id",
}


def _is_known(stem: str) -> bool:
    """Whether the oldest database knows its signs for letters or digits, so that it is one word."""
    return bool(stem) and all(ucd_3_2_0.category(sign)[0] in "LN" for sign in stem)


def _for_sqlite(one: Sought) -> str:
    beginning = "*" if len(one.stem) >= WHOLE else ""
    return " OR ".join(f'"{word}"{beginning}' for word in _marked(one))


def _for_postgres(one: Sought) -> str:
    beginning = ":*" if len(one.stem) >= WHOLE else ""
    return " | ".join(f"'{word}'{beginning}" for word in _marked(one))


def _marked(one: Sought) -> Iterable[str]:
    word = fold(one.stem)
    return (f"{day_mark(day)}{word}" for day in one.days)
