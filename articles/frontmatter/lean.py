"""A block without the entries that a plan leaves alone, which are most of a large story's file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .changes import Items, Plan

KEY = "related"
_HEAD = re.compile(rf"^{KEY}:\n", re.MULTILINE)
_END = re.compile(r"^(?=[^ \n])", re.MULTILINE)
_DASH = "  - "

Patched = Callable[[str, Plan], str]


def around(text: str, plan: Plan, patched: Patched) -> str | None:
    """`patched` of the text and plan that hold only the changed entries, the others put back where
    they stood; None where entries come, go or move, or none is left out.

    It reads lines and no YAML: whoever asks has to check what it answers.
    """
    change = plan.get(KEY)
    if not isinstance(change, Items):
        return None
    items = _items(text)
    if [item.index for item in change.items] != list(range(len(items))):
        return None
    touched = [item for item in change.items if item.changes]
    if not touched or len(touched) == len(items):
        return None
    places = [item.index or 0 for item in touched]
    lean = Items(tuple(replace(item, index=place) for place, item in enumerate(touched)))
    start, end = _section(text)
    kept = "".join(items[place] for place in places)
    done = patched(text[:start] + kept + text[end:], {**plan, KEY: lean})
    changed = _items(done)
    if len(changed) != len(places):
        return None
    for place, item in zip(places, changed, strict=True):
        items[place] = item
    start, end = _section(done)
    return done[:start] + "".join(items) + done[end:]


def _section(text: str) -> tuple[int, int]:
    """Where the entries begin and end; (0, 0) where there are none in the usual form."""
    head = _HEAD.search(text)
    if head is None:
        return 0, 0
    end = _END.search(text, head.end())
    return head.end(), end.start() if end else len(text)


def _items(text: str) -> list[str]:
    start, end = _section(text)
    if not text.startswith(_DASH, start, end):
        return []
    first, *others = text[start:end].split(f"\n{_DASH}")
    items = [first, *(f"{_DASH}{other}" for other in others)]
    return [*(f"{item}\n" for item in items[:-1]), items[-1]]
