"""Two values side by side, the words and items in which they differ marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..exchange.standing import SECRET
from ..revisions.words import Span, compare_words


@dataclass(frozen=True, slots=True)
class Row:
    """One key or the whole value; empty sides are absent."""

    name: str
    theirs: tuple[Span, ...]
    ours: tuple[Span, ...]


def contrast(theirs: Any, ours: Any, *, key: str = "") -> list[Row]:
    """The rows in which two values of front matter (as JSON) stand beside one another.

    Mappings make a row for each of their keys; the sealed key's value is never among the words.
    """
    if key == SECRET:
        return [Row("", (Span("sealed"),), (Span("sealed"),))]
    if _are(dict, theirs, ours):
        return _mappings(theirs or {}, ours or {})
    if _are(list, theirs, ours):
        return [_lists(theirs or [], ours or [])]
    return [_texts(_text(theirs), _text(ours))]


def _are(shape: type, *values: Any) -> bool:
    """Whether the values that are there have that shape, and one is."""
    there = [value for value in values if value is not None]
    return bool(there) and all(isinstance(value, shape) for value in there)


def _mappings(theirs: dict[str, Any], ours: dict[str, Any]) -> list[Row]:
    rows = []
    for name in dict.fromkeys([*theirs, *ours]):
        for row in contrast(theirs.get(name), ours.get(name), key=name):
            rows.append(Row(f"{name} {row.name}".strip(), row.theirs, row.ours))
    return rows


def _lists(theirs: list[Any], ours: list[Any]) -> Row:
    there, here = [_text(one) for one in theirs], [_text(one) for one in ours]
    return Row("", _items(there, here), _items(here, there))


def _items(items: list[str], others: list[str]) -> tuple[Span, ...]:
    return tuple(Span(f"{item}\n", item not in others) for item in items)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        shown = (f"{key}: {_text(item)}" for key, item in value.items() if key != SECRET)
        return ", ".join(shown)
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value)


def _texts(theirs: str, ours: str) -> Row:
    there, here = compare_words(theirs, ours)
    return Row("", tuple(there), tuple(here))
