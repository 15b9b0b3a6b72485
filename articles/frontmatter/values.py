"""Nodes to values, each typed by the key it stands under; every problem of a file is found."""

from __future__ import annotations

import re
from typing import Any

from .errors import Problem
from .meanings import NULLS
from .nodes import KIND, Mapping, Node, Scalar, Sequence
from .record import Limits, Values
from .scalars import WrongError, boolean, image_link, integer, link, moment
from .schema import Key, Schema, Type

LINE_BREAK = re.compile(r"(?:\r\n|\n|\r)+")
MOST_PROBLEMS = 100

# Characters that a text key may have at most, where it is less than the whole file allows.
LENGTHS: dict[tuple[str, str], int] = {
    ("article", "category"): 50,
    ("article", "type"): 50,
    ("article", "topics"): 120,
    ("related item", "type"): 50,
    ("provider", "taxonomy"): 50,
    ("provider", "_id"): 253,
    ("provider", "name"): 200,
    ("provider", "otherNames"): 200,
    ("provider", "domain"): 253,
    ("topic", "taxonomy"): 50,
    ("topic", "_id"): 120,
    ("topic", "name"): 120,
    ("topic", "shortname"): 120,
    ("topic", "parent"): 120,
    ("topic", "keywords"): 120,
    ("topic", "hashtags"): 120,
}
COLLECTIONS = (Type.MAPPING, Type.TEXTS, Type.MAPPINGS)
TITLED = frozenset({"article", "related item"})
WANTED = {
    Type.MAPPING: 'write its keys below it, indented, such as "name: Example"',
    Type.MAPPINGS: 'write a list of mappings, each beginning with "- "',
    Type.TEXTS: 'write a list, one "- " line an item',
    Type.BOOLEAN: "write true or false without quotes",
    Type.INTEGER: "write a whole number, such as 47",
    Type.MOMENT: "write a date and time such as 2020-05-05T09:42:00Z",
    Type.LINK: "write one address such as https://example.com/page",
    Type.IMAGE_LINK: "write one address such as https://example.com/picture.jpg",
    Type.TEXT: "write one text in quotes",
}


def is_null(node: Node) -> bool:
    """Whether a node is YAML's null: unquoted `~`, `null`, or nothing at all."""
    return (
        isinstance(node, Scalar) and node.plain and node.tag in ("", "null") and node.text in NULLS
    )


def source(node: Node) -> Any:
    """A node of unknown meaning: lists and dicts, every scalar as its source text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [source(item) for _, item in node.items]
    return {key: source(value) for key, (_, value) in node.pairs.items()}


class Typist:
    """Types the nodes of one file by a schema's keys; what is wrong is gathered in `problems`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []

    def mapping(self, node: Mapping, schema: Schema, path: str = "") -> Values:
        """The known keys of a mapping, in its order."""
        values: Values = {}
        known = schema.by_name
        for name, (line, value) in node.pairs.items():
            key = known.get(name)
            if key is not None:
                values[name] = self._value(value, line, key, schema, path + name)
        return values

    def _value(self, node: Node, line: int, key: Key, schema: Schema, path: str) -> Any:
        kind = key.type
        if kind is Type.ANY:
            return source(node)
        if is_null(node):
            return None
        try:
            if isinstance(node, Scalar) and kind not in COLLECTIONS:
                return self._scalar(node, kind, key.name, schema.name)
            if isinstance(node, Mapping) and kind is Type.MAPPING and key.keys is not None:
                return self.mapping(node, key.keys, path + ".")
            if isinstance(node, Sequence) and kind is Type.TEXTS:
                return self._texts(node, key, schema, path)
            if isinstance(node, Sequence) and kind is Type.MAPPINGS and key.keys is not None:
                return self._mappings(node, line, key, key.keys, path)
            raise WrongError(f"{KIND[type(node)]} cannot stand here; {WANTED[kind]}")
        except WrongError as wrong:
            self.report(line, path, str(wrong))
            return None

    def _scalar(self, node: Scalar, kind: Type, name: str, within: str) -> Any:
        if kind is Type.TEXT:
            longest = _longest(name, within, self.limits)
            return _text(node, longest, single_line=name == "title" and within in TITLED)
        if kind is Type.INTEGER:
            return integer(node)
        if kind is Type.MOMENT:
            return moment(node)
        if kind is Type.BOOLEAN:
            return boolean(node)
        address = link if kind is Type.LINK else image_link
        return address(node.text, self.limits.link) if node.text else ""

    def _texts(self, node: Sequence, key: Key, schema: Schema, path: str) -> list[str]:
        texts = []
        longest = _longest(key.name, schema.name, self.limits)
        for index, (line, item) in enumerate(node.items):
            if not isinstance(item, Scalar) or is_null(item):
                what = "nothing" if isinstance(item, Scalar) else KIND[type(item)]
                self.report(
                    line, f"{path}[{index}]", f'{what} stands where a text belongs; write "- text"'
                )
                continue
            try:
                texts.append(_text(item, longest, single_line=False))
            except WrongError as wrong:
                self.report(line, f"{path}[{index}]", str(wrong))
        return texts

    def _mappings(
        self, node: Sequence, line: int, key: Key, schema: Schema, path: str
    ) -> list[Values]:
        if key.name == "related" and len(node.items) > self.limits.related:
            raise WrongError(
                f"{len(node.items):,} related items; at most {self.limits.related:,} are allowed"
            )
        found = []
        for index, (at, item) in enumerate(node.items):
            here = f"{path}[{index}]"
            if isinstance(item, Mapping):
                found.append(self.mapping(item, schema, here + "."))
            elif schema.bare and isinstance(item, Scalar) and not is_null(item):
                bare = schema.by_name[schema.bare]
                found.append({schema.bare: self._value(item, at, bare, schema, here)})
            else:
                what = "nothing" if is_null(item) else KIND[type(item)]
                first = schema.order[0].name
                self.report(
                    at, here, f'{what} stands where a mapping belongs; write "- {first}: …"'
                )
        return found

    def report(self, line: int, path: str, message: str) -> None:
        """Note a problem, unless the file has been told enough already."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, path, message))


def _text(node: Scalar, longest: int, *, single_line: bool) -> str:
    text = node.text
    if single_line and ("\n" in text or "\r" in text):
        text = LINE_BREAK.sub(" ", text)
    if len(text) > longest:
        raise WrongError(f"{len(text):,} characters are too long; at most {longest:,} are allowed")
    return text


def _longest(name: str, within: str, limits: Limits) -> int:
    if name in ("title", "attribution"):
        return limits.title
    if name in ("excerpt", "featuredContent", "description"):
        return limits.excerpt
    return LENGTHS.get((within, name), limits.file_bytes)
