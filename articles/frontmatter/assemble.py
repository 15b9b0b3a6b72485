"""A block's nodes to a whole record: typed values, unknown keys, lines; what no file can lack."""

from __future__ import annotations

from .errors import Problem, Refused
from .fences import Parts
from .nodes import Mapping
from .record import Limits, Record, Values
from .schema import Schema
from .values import Typist, source

# Of each schema: the keys of which at least one must hold text, and what to say when none does.
NEEDED: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "article": (
        (("title",), 'there is no title; write title: "…"'),
        (("webUrl", "originalUrl"), 'there is no link; write webUrl: "https://…"'),
    ),
    "provider": ((("domain", "_id"), "there is no domain; write domain: example.com"),),
    "topic": ((("name",), "there is no name; write name: …"),),
}


def assemble(root: Mapping, parts: Parts, schema: Schema, limits: Limits) -> Record:
    """The record of a file; raises `Refused` with every value that is wrong or missing."""
    typist = Typist(limits)
    values = typist.mapping(root, schema)
    lines = {key: line for key, (line, _) in root.pairs.items()}
    _require(schema, values, lines, typist)
    if typist.problems:
        raise Refused(*typist.problems)
    unknown = {
        key: source(node) for key, (_, node) in root.pairs.items() if key not in schema.by_name
    }
    body = parts.body.replace("\r\n", "\n") if "\r" in parts.body else parts.body
    return Record(values, unknown, body, lines)


def _require(schema: Schema, values: Values, lines: dict[str, int], typist: Typist) -> None:
    faulty = {problem.key for problem in typist.problems}
    for keys, message in NEEDED.get(schema.name, ()):
        if any((values.get(key) or "").strip() for key in keys) or faulty.intersection(keys):
            continue
        there = [key for key in keys if key in lines]
        key = there[0] if there else keys[0]
        typist.problems.append(Problem(lines.get(key, 1), key, message))
