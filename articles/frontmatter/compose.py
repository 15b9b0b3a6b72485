"""Parser events to nodes: iterative, bounded while it reads, aliases and merges resolved."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .errors import Problem, Refused
from .events import FAILURES, EventSource
from .meanings import NOT_FINITE, fits, meaning
from .nodes import Collection, Composed, Mapping, Node, Scalar, Sequence, path
from .record import Limits
from .wording import broken

CORE = "tag:yaml.org,2002:"
SCALAR_TAGS = frozenset({"str", "null", "bool", "int", "float"})
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# Every escape but those that certainly give an allowed character.
SUSPICIOUS_ESCAPE = re.compile(r'\\[^"\\nrt/ \n]')


class Composer:
    """Builds the nodes of one block from a parser's events."""

    def __init__(
        self,
        text: str,
        source: EventSource,
        first_line: int,
        limits: Limits,
        restore: dict[int, str],
    ) -> None:
        self.source = source
        self.first_line = first_line
        self.limits = limits
        self.restore = restore
        self.suspicious = SUSPICIOUS_ESCAPE.search(text) is not None
        self.root = Sequence(first_line)
        self.stack: list[Collection] = [self.root]
        self.anchors: dict[str, Node] = {}
        self.problems: list[Problem] = []
        self.total = self.aliases = self.merges = self.copied = 0
        self.ornate = False

    def compose(self, *, marked: bool) -> Composed:
        """The block's one mapping; raises `Refused`. `marked`: it may begin with `---`."""
        get_event = self.source.get_event
        while True:
            try:
                event: Any = get_event()
            except FAILURES as error:
                self._fail(error)
            if event is None:
                return self._whole()
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent:
                self._open(event, Mapping(event.start_mark.line + self.first_line), "map")
            elif kind is SequenceStartEvent:
                self._open(event, Sequence(event.start_mark.line + self.first_line), "seq")
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close()
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent and (
                self.root.items or (event.explicit and not marked)
            ):
                self._refuse(event, "a second document begins here; one file holds one article")

    def _whole(self) -> Composed:
        if self.problems:
            raise Refused(*self.problems)
        if not self.root.items:
            raise Refused(Problem(1, "", "the front matter is empty; write `key: value` lines"))
        line, node = self.root.items[0]
        if not isinstance(node, Mapping):
            raise Refused(
                Problem(line, "", "the front matter is no mapping; write `key: value` lines")
            )
        return Composed(node, self.total, self.ornate)

    def _fail(self, error: Exception) -> NoReturn:
        line, message = broken(error, getattr(self.source, "line", 0))
        at = line + self.first_line
        raise Refused(
            *self.problems, Problem(at, self._path(self._last_key(at)), message)
        ) from None

    def _last_key(self, line: int) -> str | None:
        """The key whose value has just been read, if the same line went wrong after it."""
        top = self.stack[-1]
        if not isinstance(top, Mapping) or top.key is not None or not top.pairs:
            return None
        key = next(reversed(top.pairs))
        return key if top.pairs[key][0] == line else None

    def _scalar(self, event: Any) -> None:
        text = event.value
        if self.restore:
            text = text.translate(self.restore)
        style = event.style
        plain = not style
        tag = ""
        if event.tag is not None:
            tag = self._scalar_tag(event, text)
            plain = plain and tag != "str"
        elif style == "|" or style == ">":
            self.ornate = True
        if (plain or tag == "float") and text in NOT_FINITE:
            self._refuse(
                event, f"{text} is no number that can be kept; write it in quotes if it is text"
            )
        if self.suspicious and style == '"' and (found := FORBIDDEN.search(text)):
            self._refuse(event, f"the escape for U+{ord(found[0]):04X} is not allowed; remove it")
        line = event.start_mark.line + self.first_line
        node = Scalar(text, line, plain, tag, len(text))
        self.total += 1
        if self.total > self.limits.nodes:
            self._too_many(event)
        if event.anchor is not None:
            self._anchor(event.anchor, node)
        top = self.stack[-1]
        if isinstance(top, Mapping) and top.key is None:
            top.key = self._key(top, node, line)
        else:
            self._place(event, line, node)

    def _open(self, event: Any, node: Collection, tag: str) -> None:
        if event.tag is not None and event.tag != "!":
            self.ornate = True
            if event.tag != CORE + tag:
                self._refuse_tag(event)
        if event.flow_style:
            self.ornate = True
        if event.anchor is not None:
            self._anchor(event.anchor, node)
        self.total += 1
        if self.total > self.limits.nodes:
            self._too_many(event)
        if len(self.stack) > self.limits.depth:
            self._refuse(event, f"nested more than {self.limits.depth} levels deep; flatten it")
        top = self.stack[-1]
        if isinstance(top, Mapping) and top.key is None:
            self._refuse(event, "a key must be plain text, not a list or a mapping")
        self.stack.append(node)

    def _close(self) -> None:
        node = self.stack.pop()
        if isinstance(node, Mapping) and node.merge is not None:
            self._merge(node, *node.merge)
            node.merge = None
        node.closed = True
        self._place(None, node.line, node)

    def _alias(self, event: Any) -> None:
        self.ornate = True
        node = self.anchors.get(event.anchor)
        if node is None:
            self._refuse(
                event,
                f"*{event.anchor} names no anchor above; text that begins with * needs quotes",
            )
        if not node.closed:
            self._refuse(
                event, f"*{event.anchor} stands inside the very thing it names; write the value out"
            )
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            self._refuse(event, f"more than {self.limits.aliases} aliases; write the values out")
        self.total += node.size
        if self.total > self.limits.nodes:
            self._too_many(event)
        self.copied += node.weight
        if self.copied > self.limits.file_bytes:
            self._refuse(event, "aliases repeat too much text; write less of it out")
        if len(self.stack) - 1 + node.height > self.limits.depth:
            self._refuse(
                event,
                f"nested more than {self.limits.depth} levels deep through an alias; flatten it",
            )
        self._place(event, event.start_mark.line + self.first_line, node)

    def _place(self, event: Any, line: int, node: Node) -> None:
        """Put a node where the parser stands: a list's next item, a mapping's next key or value."""
        top = self.stack[-1]
        if isinstance(top, Sequence):
            top.items.append((line, node))
        elif (key := top.key) is None:
            if not isinstance(node, Scalar):
                self._refuse(event, "a key must be plain text, not a list or a mapping")
            top.key = self._key(top, node, line)
            return
        else:
            top.key = None
            top.size += 1
            top.weight += key.weight
            if key.text == "<<" and key.plain:
                top.merge = (key.line, node, len(top.pairs))
            elif key.text not in top.pairs:
                top.pairs[key.text] = (key.line, node)
        top.size += node.size
        top.weight += node.weight
        if node.height >= top.height:
            top.height = node.height + 1

    def _key(self, top: Mapping, node: Scalar, line: int) -> Scalar:
        """The node as a key on its own line; reports one that is no text or is there already."""
        text = node.text
        is_merge = node.plain and text == "<<"
        if node.plain and (node.tag or meaning(text) != "str"):
            self._report(
                line,
                text,
                f'the key {text or "(nothing)"} is not text to YAML; write it in quotes: "{text}"',
            )
        elif (top.merge is not None) if is_merge else (text in top.pairs):
            what = "merge them as one list: <<: [*a, *b]" if is_merge else "keep one of them"
            self._report(line, text, f"the key stands twice here; {what}")
        return node if node.line == line else replace(node, line=line)

    def _merge(self, into: Mapping, line: int, node: Node, before: int) -> None:
        """Resolve `<<`: keys that stand in the mapping win, then the first mapping named."""
        self.ornate = True
        self.merges += 1
        sources = node.items if isinstance(node, Sequence) else [(line, node)]
        gained: dict[str, tuple[int, Node]] = {}
        for _, source in sources:
            if not isinstance(source, Mapping):
                raise Refused(
                    *self.problems,
                    Problem(line, self._path("<<"), "<< merges only mappings; name one with *"),
                )
            for key, (_, value) in source.pairs.items():
                if key not in into.pairs and key not in gained:
                    gained[key] = (line, value)
        own = list(into.pairs.items())
        into.pairs = dict([*own[:before], *gained.items(), *own[before:]])
        for key, (_, value) in gained.items():
            into.size += 1 + value.size
            into.weight += len(key) + value.weight
            self.total += 1 + value.size
        if self.merges > self.limits.aliases or self.total > self.limits.nodes:
            raise Refused(
                *self.problems,
                Problem(line, self._path("<<"), "too much is merged; write the values out"),
            )

    def _anchor(self, name: str, node: Node) -> None:
        self.ornate = True
        self.anchors[name] = node

    def _scalar_tag(self, event: Any, text: str) -> str:
        self.ornate = True
        if event.tag == "!":
            return "str"
        tag = event.tag.removeprefix(CORE)
        if tag not in SCALAR_TAGS or tag == event.tag:
            self._refuse_tag(event)
        if not fits(tag, text):
            self._refuse(event, f"the value does not fit its tag !!{tag}; remove the tag")
        return str(tag)

    def _refuse_tag(self, event: Any) -> NoReturn:
        self._refuse(
            event, f"the tag {event.tag.replace(CORE, '!!')[:60]} is not understood; remove it"
        )

    def _too_many(self, event: Any) -> NoReturn:
        self._refuse(event, f"more than {self.limits.nodes:,} values; split the file")

    def _report(self, line: int, key: str, message: str) -> None:
        self.problems.append(Problem(line, self._path(key), message))

    def _refuse(self, event: Any, message: str) -> NoReturn:
        line = event.start_mark.line + self.first_line if event else self.first_line
        raise Refused(*self.problems, Problem(line, self._path(), message))

    def _path(self, key: str | None = None) -> str:
        return path(self.stack[1:], key)
