"""Three-way merge of one file: base, file and ours, key by key, by the owners of the schema.

Pure: base and file are `Record.values`, ours the same shape made from the database.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .record import Values
from .schema import Key, Owner, Schema, Type

SOURCE_GROUP = "source"
"""The name under which a conflict over the whole group of source keys is kept."""

BODY = "body"
"""The name under which a file's body is merged like a key."""

LINK_KEYS = ("webUrl", "originalUrl")
NOT_MERGED = ("related", "secured")
"""Keys that follow the file, or the story, whatever was edited."""

HELD_WITH_SOURCE = ("title", "excerpt")
"""Desk keys that a file pointing at another article changes along with it."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Both changed `key` to different values; for the source group the values are mappings."""

    key: str
    theirs: Any
    ours: Any
    message: str


@dataclass(slots=True)
class Merge:
    """`taken`: what the file decides (None: the key is gone). `is_replaced`: its link changed."""

    taken: Values = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    is_replaced: bool = False


def merge(schema: Schema, base: Values, file: Values, ours: Values) -> Merge:
    """Decide every key that the file changed since the base, state keys and `related` apart."""
    result = Merge()
    changed = {key for key in file.keys() | base.keys() if _value(file, key) != _value(base, key)}
    changed = {key for key in changed if _is_merged(schema, key)}
    if any(_key(schema, key).owner is Owner.SOURCE for key in changed):
        changed -= _merge_source(schema, base, file, ours, changed, result)
    for key in sorted(changed):
        _merge_key(schema, key, base, file, ours, result)
    return result


def same(one: Any, other: Any) -> bool:
    """Equal as the database sees it: absent, null and an empty list are one thing, at any level."""
    return bool(one == other or _plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item is not None} or None
    if isinstance(value, list):
        return [_plain(item) for item in value] or None
    return value


def _value(values: Mapping[str, Any], key: str) -> Any:
    return _plain(values.get(key))


def _key(schema: Schema, name: str) -> Key:
    return schema.by_name.get(name) or Key(BODY, Type.TEXT)


def _is_merged(schema: Schema, name: str) -> bool:
    key = _key(schema, name)
    return key.owner is not Owner.STATE and key.type is not Type.ANY and name not in NOT_MERGED


def _merge_source(
    schema: Schema, base: Values, file: Values, ours: Values, changed: set[str], result: Merge
) -> set[str]:
    """Take the source keys as one group or not at all; answers the keys that are decided."""
    group = [key.name for key in schema.order if key.owner is Owner.SOURCE]
    result.is_replaced = _link(file) != _link(base)
    guarded = [*group, "title"] if result.is_replaced else group
    touched = [key for key in guarded if _value(ours, key) != _value(base, key)]
    held = changed & {*group, *(HELD_WITH_SOURCE if result.is_replaced else ())}
    if all(_value(ours, key) == _value(file, key) for key in held):
        return held
    if not touched or all(_value(ours, key) == _value(file, key) for key in touched):
        taken = held & set(group)
        result.taken.update({key: _value(file, key) for key in taken})
        return taken
    result.clashes.append(_source_clash(file, ours, sorted(held), touched, result.is_replaced))
    return held


def _source_clash(
    file: Values, ours: Values, held: list[str], touched: list[str], is_replaced: bool
) -> Clash:
    what = (
        f"the file now points at another article ({_link(file)})"
        if is_replaced
        else f"the file changed {', '.join(held)}"
    )
    return Clash(
        SOURCE_GROUP,
        {key: _value(file, key) for key in held},
        {key: _value(ours, key) for key in held},
        f"{what}, but {', '.join(touched)} was edited here; nothing of it was taken",
    )


def _link(values: Values) -> str:
    return next((values[key] for key in LINK_KEYS if values.get(key)), "")


def _merge_key(
    schema: Schema, key: str, base: Values, file: Values, ours: Values, result: Merge
) -> None:
    known = _key(schema, key)
    before, theirs, mine = (_value(values, key) for values in (base, file, ours))
    if mine == theirs:
        return
    if mine == before:
        result.taken[key] = theirs
    elif known.type in (Type.TEXTS, Type.MAPPINGS):
        merged = merge_lists(before or [], theirs or [], mine or [])
        if merged != mine:
            result.taken[key] = merged
    elif known.owner is not Owner.MACHINE:
        message = "changed in the file and here to different values; ours is in force"
        result.clashes.append(Clash(key, theirs, mine, message))


def merge_lists(base: list[Any], theirs: list[Any], ours: list[Any]) -> list[Any]:
    """Merge as sets by link or name: ours, less what the file took out, plus what it added."""
    before = {identity_of(item) for item in base}
    there = {identity_of(item) for item in theirs}
    here = {identity_of(item) for item in ours}
    kept = [item for item in ours if identity_of(item) in there or identity_of(item) not in before]
    added = [item for item in theirs if identity_of(item) not in before | here]
    return kept + added


def identity_of(item: Any) -> Hashable:
    """What makes two items of a list the same one: a mapping's link or name, a text itself."""
    if isinstance(item, dict):
        return item.get("url") or item.get("webUrl") or item.get("name") or repr(item)
    return str(item)
