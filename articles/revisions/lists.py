"""What became of the items of a list. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of an item; changed: the same item with other particulars."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: `name` says which it is, `particulars` whatever else it says."""

    name: str
    particulars: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item and its fate; `was` are its former particulars where they changed."""

    name: str
    fate: Fate
    particulars: str = ""
    was: str = ""


def compare_lists(before: Sequence[Entry], after: Sequence[Entry]) -> list[Item]:
    """Every item of both lists once: in the order of `after`, the removed ones where they stood.

    As few as possible count as moved. Of items of one name the last counts.
    """
    old, new = _named(before), _named(after)
    stayed = _in_order([name for name in new if name in old], list(old))
    gone: dict[str, list[Item]] = defaultdict(list)
    behind = ""
    for name, entry in old.items():
        if name in stayed:
            behind = name
        elif name not in new:
            gone[behind].append(Item(name, Fate.REMOVED, entry.particulars))
    items = gone.pop("", [])
    for name, entry in new.items():
        items.append(_item(entry, old.get(name), is_in_place=name in stayed))
        items += gone.pop(name, [])
    return items


def _named(entries: Sequence[Entry]) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries}


def _item(entry: Entry, old: Entry | None, *, is_in_place: bool) -> Item:
    if old is None:
        return Item(entry.name, Fate.ADDED, entry.particulars)
    if old.particulars != entry.particulars:
        return Item(entry.name, Fate.CHANGED, entry.particulars, old.particulars)
    return Item(entry.name, Fate.KEPT if is_in_place else Fate.MOVED, entry.particulars)


def _in_order(names: Sequence[str], order: Sequence[str]) -> set[str]:
    """The most of `names` that follow one another in `order` too."""
    place = {name: index for index, name in enumerate(order)}
    lowest: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for name in names:
        length = bisect_left(lowest, place[name])
        before[name] = ends[length - 1] if length else None
        lowest[length : length + 1] = [place[name]]
        ends[length : length + 1] = [name]
    found: set[str] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
