"""One field that two people changed: both texts, and which of them is to stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from ..revisions.words import Span, compare_words

TAKE = "_take-"
"""With a field's name behind it, the choice between both texts: `mine` or `theirs`."""

THEIRS = "theirs"


@dataclass(frozen=True)
class Collision:
    """What somebody typed and what was saved meanwhile, the words that differ marked in both."""

    name: str
    label: str
    mine: list[Span]
    theirs: list[Span]

    @property
    def takes(self) -> str:
        """The name under which the choice is sent."""
        return f"{TAKE}{self.name}"


def collide(name: str, label: str, mine: str, theirs: str) -> Collision:
    """Both texts side by side."""
    return Collision(name, label, *compare_words(mine, theirs))


def chosen(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What a form sent, with the others' text in each field where their text was chosen.

    Theirs is what the form showed as stored; a field that holds it again is no change.
    """
    if not isinstance(data, QueryDict):
        return data
    fields = [name.removeprefix(TAKE) for name in data if name.startswith(TAKE)]
    theirs = [name for name in fields if data[f"{TAKE}{name}"] == THEIRS]
    if not theirs:
        return data
    resolved = data.copy()
    for name in theirs:
        resolved.setlist(name, data.getlist(f"initial-{name}"))
    return resolved
