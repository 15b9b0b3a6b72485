"""Values as text, in the spelling of the canonical form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .meanings import meaning
from .schema import Key, Schema, Type

ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# What YAML takes for a line break, or one of its two parsers refuses to read literally.
UNPRINTABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
ESCAPED = re.compile(f'[\\\\"\n\r\t{UNPRINTABLE}]')

NOT_PLAIN = re.compile(
    f"^[ ,\\[\\]{{}}#&*!|>'\"%@`]|^[-?:](?: |$)| $|:(?: |$)| #|[\n\r\t{UNPRINTABLE}]"
)
NOT_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}?:#]")
# Texts that stock readers give a meaning of their own.
SPECIAL = ("<<", "=")


def quote(text: str) -> str:
    """`text` in double quotes, as it reads back: everything literal that YAML allows to be."""
    return f'"{ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return ESCAPES.get(character) or f"\\u{ord(character):04x}"


def reads_back_plain(text: str, *, flow: bool = False) -> bool:
    """Whether `text` may stand unquoted: every YAML reader takes it as this text then.

    `flow` is for text between `[]` or `{}`. `no`, `007` and `1:20` are texts to our reader
    alone, which is why they do not count.
    """
    if not text or NOT_PLAIN.search(text) or (flow and NOT_PLAIN_IN_FLOW.search(text)):
        return False
    if text.startswith(("---", "...")) or text in SPECIAL:
        return False
    return meaning(text) == "str"


def emit_text(text: str, *, flow: bool = False) -> str:
    """`text` unquoted where that reads back as the same text, else in double quotes."""
    return text if reads_back_plain(text, flow=flow) else quote(text)


def emit_scalar(value: object, key: Key, *, flow: bool = False) -> str:
    """One value of a key as it stands in a canonical file.

    Raises `TypeError` when the value is not of the key's type.
    """
    match key.type, value:
        case Type.BOOLEAN, bool():
            return "true" if value else "false"
        case Type.INTEGER, int() if not isinstance(value, bool):
            return str(value)
        case Type.MOMENT, datetime():
            return emit_moment(value)
        case Type.TEXT | Type.LINK | Type.IMAGE_LINK | Type.ANY, str():
            return quote(value) if key.quoted else emit_text(value, flow=flow)
    raise TypeError(f"{key.name}: {type(value).__name__} is no {key.type.value}")


def emit_moment(moment: datetime) -> str:
    """`2023-03-23T19:55:00Z`; microseconds only when there are any."""
    if moment.tzinfo is None:
        raise TypeError(f"{moment.isoformat()} has no zone")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def emit_key(key: Key, value: Any, indent: int = 0) -> list[str]:
    """The lines of a key and its value, without line ends and without the empty line before it.

    Nothing for None, an empty list and an empty mapping: the canonical form leaves them out.
    """
    if is_absent(value):
        return []
    start = f"{' ' * indent}{key.name}:"
    if isinstance(value, Mapping | list | tuple):
        return [start, *emit_children(key, value, indent)]
    return [f"{start} {emit_scalar(value, key)}"]


def is_absent(value: object) -> bool:
    """Whether a value leaves its key out of the file: None, an empty list, an empty mapping."""
    return value is None or (isinstance(value, Mapping | list | tuple) and not value)


def emit_children(key: Key, value: Any, indent: int) -> list[str]:
    """The lines under `key:`, which itself is indented by `indent` spaces."""
    if key.type is Type.MAPPING and isinstance(value, Mapping):
        return emit_mapping(value, _schema(key), indent + 2)
    if key.type in (Type.TEXTS, Type.MAPPINGS) and isinstance(value, list | tuple):
        return [line for item in value for line in emit_item(key, item, indent + 2)]
    if key.type is Type.ANY:
        return emit_source_children(value, indent + 2)
    raise TypeError(f"{key.name}: {type(value).__name__} is no {key.type.value}")


def emit_item(key: Key, item: Any, indent: int) -> list[str]:
    """The lines of one item of a list, its dash at `indent` spaces."""
    dash = f"{' ' * indent}- "
    if key.type is Type.TEXTS:
        return [dash + emit_text(_text(item, key))]
    schema = _schema(key)
    if is_bare(item, schema):
        return [dash + emit_text(item[schema.bare])]
    lines = emit_mapping(item, schema, indent + 2)
    if not lines:
        return [f"{dash}{{}}"]
    return [dash + lines[0][indent + 2 :], *lines[1:]]


def emit_mapping(values: Mapping[str, Any], schema: Schema, indent: int) -> list[str]:
    """The lines of the keys in `values`, in canonical order; raises `KeyError` for unknown ones."""
    _refuse_unknown(values, schema)
    lines: list[str] = []
    for key in schema.order:
        added = emit_key(key, values.get(key.name), indent)
        if key.spaced and added and lines:
            lines.append("")
        lines += added
    return lines


def emit_flow(key: Key, value: Any) -> str:
    """A value as it stands between brackets or braces, on one line."""
    if key.type is Type.MAPPING:
        return _flow_mapping(value, _schema(key))
    if key.type in (Type.TEXTS, Type.MAPPINGS) and isinstance(value, list | tuple):
        return f"[{', '.join(emit_flow_item(key, item) for item in value)}]"
    if key.type is Type.ANY:
        return emit_source_flow(value)
    return emit_scalar(value, key, flow=True)


def emit_flow_item(key: Key, item: Any) -> str:
    """One item of a list between brackets, on one line."""
    if key.type is Type.TEXTS:
        return emit_text(_text(item, key), flow=True)
    schema = _schema(key)
    if is_bare(item, schema):
        return emit_text(item[schema.bare], flow=True)
    return _flow_mapping(item, schema)


def is_bare(item: Any, schema: Schema) -> bool:
    """Whether an item holds nothing but the key that a lone scalar stands for."""
    if not schema.bare or not isinstance(item, Mapping):
        return False
    return [name for name, value in item.items() if not is_absent(value)] == [schema.bare]


def _flow_mapping(values: Any, schema: Schema) -> str:
    _refuse_unknown(values, schema)
    present = [key for key in schema.order if not is_absent(values.get(key.name))]
    return f"{{{', '.join(f'{key.name}: {emit_flow(key, values[key.name])}' for key in present)}}}"


def _refuse_unknown(values: Any, schema: Schema) -> None:
    if not isinstance(values, Mapping):
        raise TypeError(f"{type(values).__name__} is no {schema.name}")
    for name in values:
        if name not in schema.by_name:
            raise KeyError(f"{name} is no key of {schema.name}")


def _text(item: object, key: Key) -> str:
    if not isinstance(item, str):
        raise TypeError(f"{key.name}: {type(item).__name__} is no text")
    return item


def _schema(key: Key) -> Schema:
    if key.keys is None:
        raise TypeError(f"{key.name} has no keys of its own")
    return key.keys


def emit_source_children(value: Any, indent: int) -> list[str]:
    """The lines of a mapping or list of unknown meaning, every scalar in it being a text."""
    if isinstance(value, Mapping):
        return [line for name, each in value.items() for line in _source_key(name, each, indent)]
    lines: list[str] = []
    for item in value:
        if isinstance(item, Mapping) and item:
            first, *more = emit_source_children(item, indent + 2)
            lines += [f"{' ' * indent}- {first[indent + 2 :]}", *more]
        else:
            lines += _source_lines(f"{' ' * indent}-", item, indent)
    return lines


def _source_key(name: str, value: Any, indent: int) -> list[str]:
    return _source_lines(f"{' ' * indent}{emit_text(name)}:", value, indent)


def _source_lines(start: str, value: Any, indent: int) -> list[str]:
    if isinstance(value, Mapping | list | tuple) and value:
        return [start, *emit_source_children(value, indent + 2)]
    if isinstance(value, str):
        return [f"{start} {emit_text(value)}"]
    return [f"{start} {emit_source_flow(value)}"]


def emit_source_flow(value: Any) -> str:
    """A value of unknown meaning on one line, between brackets or braces where it has parts."""
    if isinstance(value, Mapping):
        pairs = [f"{emit_text(n, flow=True)}: {emit_source_flow(v)}" for n, v in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(emit_source_flow, value))}]"
    return emit_text(str(value), flow=True)
