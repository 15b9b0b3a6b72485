"""Whether two articles are the same piece, at one address or two: a duplicate, no other report."""

from __future__ import annotations

from .reading import Reading, Weighed, covered

SAME_LINK, SAME_TEXT, WIRE_COPY = "same link", "same text at another address", "wire copy"
HOURS = 72
"""Texts that are the same later than that are told anew: columns and notices with fixed words."""
HEADLINE = 5
"""Words from which a headline is nobody else's."""
RUNS = 10
"""Runs of words from which an excerpt is."""
SHARE = 0.8
"""Of the shorter excerpt's runs, those that the other has too."""
TOLD = 0.8
"""Of a headline's weight, what the other piece has too."""


def sameness(first: Weighed, second: Weighed) -> str:
    """What makes them the same piece, in words; empty when nothing does."""
    one, other = first.reading, second.reading
    if one.address and one.address == other.address:
        return SAME_LINK
    if abs(one.hours - other.hours) > HOURS:
        return ""
    is_same = _is_same_headline(one, other) or (
        _is_same_excerpt(one, other) and _is_same_subject(first, second)
    )
    if not is_same:
        return ""
    is_one_provider = one.piece.domain == other.piece.domain
    return SAME_TEXT if is_one_provider else WIRE_COPY


def _is_same_headline(one: Reading, other: Reading) -> bool:
    return len(one.headline) >= HEADLINE and one.headline == other.headline


def _is_same_excerpt(one: Reading, other: Reading) -> bool:
    fewest = min(len(one.runs), len(other.runs))
    if fewest < RUNS or not one.title.keys() & other.title.keys():
        return False
    # Parts of a series and yearly reports differ in their numbers alone.
    if _numbers(one) != _numbers(other):
        return False
    return len(one.runs & other.runs) >= SHARE * fewest


def _is_same_subject(one: Weighed, other: Weighed) -> bool:
    """Reports of a series fill one text with other names: what one headline says is told by the
    other piece."""
    told = max(covered(one.title, other.text), covered(other.title, one.text))
    return told >= TOLD


def _numbers(reading: Reading) -> set[str]:
    return {word for word in reading.headline if word.isdigit()}
