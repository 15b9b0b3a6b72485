"""What a patch is to do, decided before any text is touched: old values against wanted ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from .emit import is_absent
from .record import Values
from .schema import Key, Schema, Type


class Absent(Enum):
    """The type of `ABSENT`, which stands for a key that is to be taken out."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a wanted `related`.

    `index` names the item of the file's list that stays, `values` then only the keys to change in
    it: with none it keeps its bytes. Without an index it is a new item, written from `values`.
    """

    index: int | None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    """A value written whole, over the old one or where there was none."""

    value: Any


@dataclass(frozen=True, slots=True)
class Within:
    """A mapping that stays, some of its keys changed."""

    changes: Plan


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: the old one at `index` with `changes` in it, or a new one of `value`.

    `value` is an old one's whole new value as well, where that is known.
    """

    index: int | None
    value: Any = None
    changes: Plan = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Items:
    """A list that stays, as these items in this order."""

    items: tuple[Item, ...]


Change = Put | Within | Items | Absent
Plan = dict[str, Change]


def plan_changes(old: Values, wanted: Mapping[str, Any], schema: Schema) -> Plan:
    """The keys of `wanted` whose value differs from `old`, each with what to do.

    Raises `KeyError` for a key that the schema does not name, `TypeError` and `ValueError` for
    values that cannot be that key's.
    """
    plan: Plan = {}
    for name, value in wanted.items():
        if name not in schema.by_name:
            raise KeyError(f"{name} is no key of {schema.name}")
        if value is not ABSENT and name in old and _same(old[name], value):
            continue
        change = _change(schema.by_name[name], old.get(name), value)
        if change is not None and not (change is ABSENT and name not in old):
            plan[name] = change
    return plan


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and bool(old == new)


def _change(key: Key, old: Any, new: Any) -> Change | None:
    if new is ABSENT or is_absent(new):
        return ABSENT
    _check_kind(key, new)
    if is_absent(old):
        return Put(_fresh(new))
    match key.type:
        case Type.MAPPING if key.keys:
            plan = _difference(old, new, key.keys)
            return Within(plan) if plan else None
        case Type.TEXTS:
            return _unless_same(_match(key, old, new), old)
        case Type.MAPPINGS:
            entries = any(isinstance(item, Entry) for item in new)
            items = _entries(key, old, new) if entries else _match(key, old, new)
            return _unless_same(items, old)
    return Put(new)


def _check_kind(key: Key, value: Any) -> None:
    kinds: dict[Type, tuple[type, ...]] = {
        Type.MAPPING: (Mapping,),
        Type.TEXTS: (list, tuple),
        Type.MAPPINGS: (list, tuple),
    }
    if not isinstance(value, kinds.get(key.type, (object,))):
        raise TypeError(f"{key.name}: {type(value).__name__} is no {key.type.value}")


def _fresh(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [item.values if _is_new_entry(item) else item for item in value]
    return value


def _is_new_entry(item: Any) -> bool:
    if isinstance(item, Entry) and item.index is not None:
        raise ValueError(f"item {item.index} is named, and the file has no list")
    return isinstance(item, Entry)


def _difference(old: Values, new: Values, schema: Schema) -> Plan:
    wanted = {name: new.get(name) for name in {**old, **new}}
    plan = plan_changes(old, wanted, schema)
    return {
        name: change
        for name, change in plan.items()
        if change is not ABSENT or old[name] is not None
    }


def _entries(key: Key, old: Sequence[Values], wanted: Iterable[Any]) -> list[Item]:
    items: list[Item] = []
    used: set[int] = set()
    for entry in wanted:
        if not isinstance(entry, Entry):
            raise TypeError(f"{key.name}: entries and plain items in one list")
        if entry.index is None:
            items.append(Item(None, entry.values))
            continue
        if entry.index in used or not 0 <= entry.index < len(old):
            raise ValueError(f"{key.name}: item {entry.index} is named twice or is not there")
        used.add(entry.index)
        plan = plan_changes(old[entry.index], entry.values, key.keys) if key.keys else {}
        items.append(Item(entry.index, changes=plan))
    return items


def _match(key: Key, old: Sequence[Any], wanted: Iterable[Any]) -> list[Item]:
    """Pairs items with old ones by `url`, texts by themselves; of several the equal one."""
    free: dict[Any, list[int]] = {}
    for index, item in enumerate(old):
        free.setdefault(_identity(item), []).append(index)
    items: list[Item] = []
    for item in wanted:
        candidates = free.get(_identity(item), [])
        if not candidates:
            items.append(Item(None, item))
            continue
        index = next((each for each in candidates if old[each] == item), candidates[0])
        candidates.remove(index)
        plan = _difference(old[index], item, key.keys) if key.keys else {}
        items.append(Item(index, item, plan))
    return items


def _identity(item: Any) -> Any:
    return item.get("url") if isinstance(item, Mapping) else item


def _unless_same(items: list[Item], old: Sequence[Any]) -> Items | None:
    if len(items) == len(old) and all(
        item.index == place and not item.changes for place, item in enumerate(items)
    ):
        return None
    return Items(tuple(items))


def expected(old: Values, plan: Plan) -> Values:
    """The values a file of `old` has once `plan` is carried out."""
    values = dict(old)
    for name, change in plan.items():
        match change:
            case Put(value):
                values[name] = pruned(value)
            case Within(inner):
                values[name] = expected(old[name], inner)
            case Items(items):
                values[name] = [_expected_item(old[name], item) for item in items]
            case _:
                del values[name]
    return values


def _expected_item(old: Sequence[Any], item: Item) -> Any:
    if item.index is None:
        return pruned(item.value)
    kept = old[item.index]
    return expected(kept, item.changes) if item.changes else kept


def pruned(value: Any) -> Any:
    """`value` without what the canonical form leaves out, at every level."""
    if isinstance(value, Mapping):
        return {name: pruned(each) for name, each in value.items() if not is_absent(each)}
    if isinstance(value, list | tuple):
        return [pruned(each) for each in value]
    return value
