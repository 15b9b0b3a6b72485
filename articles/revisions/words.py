"""Which words of a text changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4_000
"""Of both texts together; longer ones are compared by lines, then within the lines that differ."""

MOST_LINES = 20_000
"""Of both texts together; beyond, what differs is marked whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, changed or the same on both sides."""

    text: str
    is_changed: bool = False


Sides = tuple[list[Span], list[Span]]


def compare_words(before: str, after: str) -> Sides:
    """Both texts as spans, the words that the other side lacks marked.

    Joined, the spans of a side are its text. Time is bounded for any two texts.
    """
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    one, two = before[start : len(before) - end], after[start : len(after) - end]
    head, tail = Span(before[:start]), Span(before[len(before) - end :])
    inner = _by_words(one, two) if one or two else ([], [])
    return _joined([head, *inner[0], tail]), _joined([head, *inner[1], tail])


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike, up to the last whole word."""
    shorter = min(len(one), len(other))
    same = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    if same == len(one) == len(other):
        return same
    while same and not one[same - 1].isspace():
        same -= 1
    return same


def _by_words(before: str, after: str) -> Sides:
    one, two = WORD.findall(before), WORD.findall(after)
    if len(one) + len(two) > MOST_WORDS:
        return _by_lines(before, after)
    return _marked(one, two)


def _by_lines(before: str, after: str) -> Sides:
    one, two = LINE.findall(before), LINE.findall(after)
    if len(one) + len(two) > MOST_LINES:
        return [Span(before, is_changed=True)], [Span(after, is_changed=True)]
    sides: Sides = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, one, two).get_opcodes():
        old, new = "".join(one[a:b]), "".join(two[c:d])
        found = ([Span(old)], [Span(new)]) if tag == "equal" else _within(old, new)
        sides[0].extend(found[0])
        sides[1].extend(found[1])
    return sides


def _within(before: str, after: str) -> Sides:
    one, two = WORD.findall(before), WORD.findall(after)
    if not one or not two or len(one) + len(two) > MOST_WORDS:
        return [Span(before, is_changed=True)], [Span(after, is_changed=True)]
    return _marked(one, two)


def _marked(one: Sequence[str], two: Sequence[str]) -> Sides:
    sides: Sides = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, one, two).get_opcodes():
        sides[0].append(Span("".join(one[a:b]), tag != "equal"))
        sides[1].append(Span("".join(two[c:d]), tag != "equal"))
    return sides


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours of one kind together; the white space between two changed words is changed too."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and joined[-1].is_changed == span.is_changed:
            joined[-1] = Span(joined[-1].text + span.text, span.is_changed)
        else:
            joined.append(span)
    return joined
