"""Nodes to values, each typed by the key it stands under; every problem of a file is found."""

from __future__ import annotations

import re
from collections.abc import Callable
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
        isinstance(node, Scalar) and node.plain and node.text in NULLS and node.tag in ("", "null")
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
                values[name] = self._value(value, line, key, schema, path)
        return values

    def _value(self, node: Node, line: int, key: Key, schema: Schema, path: str) -> Any:
        """The value of a key in the mapping at `path`, None when it is null or wrong."""
        kind = key.type
        if kind is Type.ANY:
            return source(node)
        try:
            if type(node) is Scalar:
                if node.plain and is_null(node):
                    return None
                if (typed := SCALARS.get(kind)) is not None:
                    return typed(node, key.name, schema.name, self.limits)
            here = path + key.name
            if isinstance(node, Mapping) and kind is Type.MAPPING and key.keys is not None:
                return self.mapping(node, key.keys, here + ".")
            if isinstance(node, Sequence) and kind is Type.TEXTS:
                return self._texts(node, key, schema, here)
            if isinstance(node, Sequence) and kind is Type.MAPPINGS and key.keys is not None:
                return self._mappings(node, line, key, key.keys, here)
            raise WrongError(f"{KIND[type(node)]} cannot stand here; {WANTED[kind]}")
        except WrongError as wrong:
            self.report(line, path + key.name, str(wrong))
            return None

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
                found.append({schema.bare: self._bare(item, at, schema, here)})
            else:
                what = "nothing" if is_null(item) else KIND[type(item)]
                first = schema.order[0].name
                self.report(
                    at, here, f'{what} stands where a mapping belongs; write "- {first}: …"'
                )
        return found

    def _bare(self, node: Scalar, line: int, schema: Schema, path: str) -> Any:
        try:
            typed = SCALARS[schema.by_name[schema.bare].type]
            return typed(node, schema.bare, schema.name, self.limits)
        except WrongError as wrong:
            self.report(line, path, str(wrong))
            return None

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


def _as_text(node: Scalar, name: str, within: str, limits: Limits) -> str:
    longest = _longest(name, within, limits)
    return _text(node, longest, single_line=name == "title" and within in TITLED)


def _as_link(node: Scalar, _name: str, _within: str, limits: Limits) -> str:
    return link(node.text, limits.link) if node.text else ""


def _as_image_link(node: Scalar, _name: str, _within: str, limits: Limits) -> str:
    return image_link(node.text, limits.link) if node.text else ""


SCALARS: dict[Type, Callable[[Scalar, str, str, Limits], Any]] = {
    Type.TEXT: _as_text,
    Type.INTEGER: lambda node, *_: integer(node),
    Type.BOOLEAN: lambda node, *_: boolean(node),
    Type.MOMENT: lambda node, *_: moment(node),
    Type.LINK: _as_link,
    Type.IMAGE_LINK: _as_image_link,
}
"""What a scalar becomes; its key's name, the schema's name and the limits go with it."""
