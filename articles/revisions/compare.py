"""Two versions of one article side by side, key by key as its file names them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..frontmatter import ARTICLE
from ..frontmatter.record import Values
from .lists import Entry, Fate, Item, compare_lists
from .words import Span, compare_words

BODY = "body"
COVERAGE = "coverage"
LISTS = ("topics", "images", "provider.images")


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was or is: front matter without `related` and `secured`, and body.

    `coverage` are the stems of the story's other members, None where nobody wrote them down.
    """

    values: Values
    body: str = ""
    coverage: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs: two texts as spans, or one list as items with their fates."""

    key: str
    before: list[Span] = field(default_factory=list)
    after: list[Span] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether `items` tell it, not the two texts."""
        return bool(self.items)


def compare(before: Version, after: Version) -> list[Difference]:
    """Every key in which the versions differ, in the order of the file, the body last."""
    one, two = _flat(before.values), _flat(after.values)
    found = [*_of_keys(one, two)]
    if before.coverage is not None and after.coverage is not None:
        found += _of_lists(COVERAGE, before.coverage, after.coverage)
    if before.body != after.body:
        found.append(Difference(BODY, *compare_words(before.body, after.body)))
    return found


def _of_keys(one: Values, two: Values) -> Iterator[Difference]:
    for key in sorted(one.keys() | two.keys(), key=_place):
        if key in LISTS:
            yield from _of_lists(key, one.get(key) or (), two.get(key) or ())
        elif one.get(key) != two.get(key):
            yield Difference(key, *compare_words(_text(one.get(key)), _text(two.get(key))))


def _of_lists(key: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    items = compare_lists([*map(_entry, before)], [*map(_entry, after)])
    if any(item.fate is not Fate.KEPT for item in items):
        yield Difference(key, items=items)


def _flat(values: Values) -> Values:
    """The values with the keys of mappings among them: `provider.name`."""
    flat: Values = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _place(key: str) -> tuple[int, str]:
    outer = key.partition(".")[0]
    names = list(ARTICLE.by_name)
    return (names.index(outer) if outer in names else len(names), key)


def _entry(item: Any) -> Entry:
    if not isinstance(item, Mapping):
        return Entry(str(item))
    particulars = [f"{key}: {_text(value)}" for key, value in item.items() if key != "url"]
    return Entry(str(item.get("url", "")), ", ".join(particulars))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ").replace("+00:00", " UTC")
    return str(value)
