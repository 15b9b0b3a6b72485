"""PyYAML's two parsers as one source of events; a loader of theirs never builds a value here."""

from __future__ import annotations

import re
from typing import Any, Protocol

import yaml
from yaml.events import Event
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

HAS_LIBYAML: bool = yaml.__with_libyaml__
# The attribute is there with libyaml only.
LIBYAML: Any = getattr(yaml, "cyaml", None)

# Characters that both scanners refuse unescaped (C1 controls, U+FEFF, noncharacters) or take for
# the end of a line (U+0085, U+2028, U+2029), which no editor and no other line count does.
ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# A question mark within brackets ends an unquoted text for the pure scanner alone: [example?a=1].
IN_WORD = re.compile(r"\?(?=\S)|(?<=[^\s,\[\]{}])\?")
# So does a tab between two words of an unquoted text.
IN_TEXT = re.compile(r"(?<=[^\s:?,\[\]{}\"'|>#\\-])\t(?=[^\s#])")
# It begins with what is rare: a search for what stands before it would stop at every word.
LONE_MARK = re.compile(r"\?(?<![^\s,\[\]{}]\?)(?:\s|\Z)")
GLUED_COMMENT = re.compile(r"[|>][-+0-9]{0,3}#")
# More code points than a file within its limit has room for, so that some are always free.
STAND_INS = range(0x10FFFD, 0x10000, -1)

# Besides YAMLError the pure scanner lets these through: chr() of an escape beyond Unicode, int() of
# an endless version number.
FAILURES = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError)


class EventSource(Protocol):
    """What both parsers offer of use here; `get_event` gives None after the last event."""

    def get_event(self) -> Event | None: ...


class PureParser(Reader, Scanner, Parser):
    """PyYAML's own scanner and parser without the parts that build values."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def parser(text: str, *, pure: bool) -> EventSource:
    """A parser of `text`: libyaml's, else the pure one, which also settles what is disputed."""
    if pure or not HAS_LIBYAML or is_disputed(text):
        return PureParser(text)
    source: EventSource = LIBYAML.CParser(text)
    return source


def is_disputed(text: str) -> bool:
    """Whether libyaml and the pure scanner may read it differently.

    That is: a tab, a directive, a comment glued to the sign of a block scalar, and, where there are
    brackets, a question mark on its own.
    """
    return (
        "\t" in text
        or "\n%" in text
        or text.startswith("%")
        or ("#" in text and GLUED_COMMENT.search(text) is not None)
        or (_has_marks(text) and LONE_MARK.search(text) is not None)
    )


def _has_marks(text: str) -> bool:
    return "?" in text and ("[" in text or "{" in text)


def is_odd(text: str) -> bool:
    """Whether it holds a character that the scanners must not see as it is."""
    if text.isascii():
        return "\x7f" in text
    return ODD.search(text) is not None


def disguise(text: str) -> tuple[str, dict[int, str]]:
    """Put unused characters, one for one, in place of those that YAML must not see as they are.

    Returns the text and the table for `str.translate` that brings them back, perhaps empty.
    """
    odd = sorted(set(ODD.findall(text))) if is_odd(text) else []
    marks, tabs = _has_marks(text), "\t" in text
    if not (odd or marks or tabs):
        return text, {}
    used = set(text)
    free = (code for code in STAND_INS if chr(code) not in used)
    there = {ord(character): chr(next(free)) for character in odd}
    back = {ord(hidden): chr(code) for code, hidden in there.items()}
    text = text.translate(there)
    for wanted, pattern, character in ((marks, IN_WORD, "?"), (tabs, IN_TEXT, "\t")):
        if wanted:
            code = next(free)
            text = pattern.sub(chr(code), text)
            back[code] = character
    return text, back
