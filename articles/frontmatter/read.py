"""Bytes of a file to its record, or a refusal that names every line and key at fault."""

from __future__ import annotations

from . import lines
from .assemble import assemble
from .compose import Composer
from .errors import Refused
from .events import HAS_LIBYAML, disguise, parser
from .fences import Parts, split
from .memory import Memory
from .record import Limits, Record
from .schema import ARTICLE, Schema

DEFAULTS = Limits()


def read(
    data: bytes,
    schema: Schema = ARTICLE,
    limits: Limits = DEFAULTS,
    *,
    memory: Memory | None = None,
    pure: bool = False,
) -> Record:
    """Read one file by the contract of the format; raises `Refused` with every problem found.

    `memory` makes a run over many files faster and changes no result. `pure` does without libyaml
    and without `lines`, which changes no result either: PyYAML's pure parser is the reference.
    """
    parts = split(data, schema, limits)
    if memory is not None:
        record = memory.recall(parts, schema, limits, pure=pure)
        if record is not None:
            return record
    try:
        return _read(parts, schema, limits, pure=pure)
    except Refused:
        if pure or not HAS_LIBYAML:
            raise
    # libyaml names other lines, and refuses now and then for reasons of its own: the pure
    # parser decides. Values that were read by `lines` have their lines right as well.
    return _read(parts, schema, limits, pure=True)


def _read(parts: Parts, schema: Schema, limits: Limits, *, pure: bool) -> Record:
    text = parts.block.replace("\r\n", "\n") if "\r" in parts.block else parts.block
    composed = None if pure else lines.compose(text, parts.first_line, limits)
    if composed is None:
        text, restore = disguise(text)
        composer = Composer(text, parser(text, pure=pure), parts.first_line, limits, restore)
        composed = composer.compose(marked=not parts.opening)
    return assemble(composed.root, parts, schema, limits)
