"""What a page is made of as plain dicts, which templates and their filters read by the dot."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


class Plain(dict[str, Any]):
    """A dict whose keys are attributes as well."""

    __getattr__ = dict.__getitem__


def plain(value: Any) -> Any:
    """The value, with whatever is a tuple with names or a dataclass in it as a dict: of its fields,
    and of what it works out of them."""
    if is_dataclass(value) and not isinstance(value, type):
        return _of(value, [field.name for field in fields(value)])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _of(value, list(value._fields))
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def _of(value: Any, names: list[str]) -> Plain:
    kind = type(value)
    more = [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    return Plain({name: plain(getattr(value, name)) for name in (*names, *more)})
