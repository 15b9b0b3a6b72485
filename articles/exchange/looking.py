"""An article's file to be looked at, and what an export would change in it; writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from difflib import unified_diff

from ..frontmatter import Refused, Unpatchable, patch, read
from ..models import Article
from . import bases
from .scan import Kind
from .targets import Targets

SEAL = "secured"
MASK = "(sealed; kept byte for byte)"
BESIDE_TEXT = re.compile(r"[\s\"'\\>|-]+")
SHORTEST = 6
"""Characters of a part of a seal that would give it away; shorter ones stand in any text."""

LINES = 20_000
"""Of both files together; longer ones are not compared."""

NO_SHOW = "It cannot be shown without its seal."


class Unshown(ValueError):
    """Why a file is not shown, as a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference; `fate` is added, removed, kept, or where for a place's heading."""

    fate: str
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """The file as last agreed on (None: there is none yet) and what an export would make of it.

    Where `unshown` says why, there is nothing to see.
    """

    text: str | None = None
    lines: list[Line] = field(default_factory=list)
    target: str = ""
    unshown: str = ""


def look(article: Article, at: datetime) -> Look:
    """The article's file now and after an export at that time; constant queries."""
    source = bases.load(Kind.ARTICLE, [article.slug]).get(article.slug)
    base = source.base_bytes if source else None
    try:
        text = None if base is None else masked(base)
        target = masked(Targets([article.slug], at).of(article.slug))
        lines = [] if text is None else list(_differences(text, target))
        return Look(text, lines, target)
    except Unshown as why:
        return Look(unshown=str(why))
    except (Refused, Unpatchable) as why:
        return Look(unshown=f"It cannot be changed: {why}")


def masked(data: bytes) -> str:
    """A file as text, its sealed value replaced; raises Unshown where that is not certain."""
    try:
        sealed = read(data).values.get(SEAL)
        shown = patch(data, {SEAL: MASK}) if sealed else data
    except (Refused, Unpatchable) as error:
        raise Unshown(NO_SHOW) from error
    text = shown.decode(errors="replace")
    if sealed and gives_away(text, str(sealed)):
        raise Unshown(NO_SHOW)
    return text


def gives_away(text: str, sealed: str) -> bool:
    """Whether a part of the seal still stands somewhere, however it is laid out or quoted."""
    bare = BESIDE_TEXT.sub("", text)
    parts = (BESIDE_TEXT.sub("", part) for part in sealed.split(";"))
    return any(len(part) >= SHORTEST and part in bare for part in parts)


def _differences(before: str, after: str) -> Iterator[Line]:
    one, two = before.splitlines(), after.splitlines()
    if len(one) + len(two) > LINES:
        raise Unshown("The file is too long to be compared here.")
    fates = {"+": "added", "-": "removed", " ": "kept", "@": "where"}
    # The first two lines name the files.
    for number, line in enumerate(unified_diff(one, two, lineterm="")):
        if number > 1:
            yield Line(fates[line[0]], line if line[0] == "@" else line[1:])
