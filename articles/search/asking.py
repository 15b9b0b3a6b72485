"""What somebody typed, taken apart: words, "phrases", `provider:` and `topic:`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = 200
"""Characters of a question."""

MOST_TERMS = 12
WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r'(?:(provider|topic):)?(?:"([^"]*)("|$)|(\S+))', re.IGNORECASE)


def _unaccented() -> dict[str, str]:
    letters = map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    plain = {letter: unicodedata.normalize("NFD", letter)[0] for letter in letters}
    return {letter: base for letter, base in plain.items() if letter != base}


UNACCENTED = _unaccented()
"""Latin letters with accents, and what they are without."""

_PLAIN = str.maketrans(UNACCENTED)


class BadQuestionError(ValueError):
    """A question that nobody can answer; the message is a sentence for who asked."""


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that stand side by side; the last one may be the beginning of a word."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """All `terms` are asked for, and each of the topics and providers as they were typed."""

    terms: tuple[Term, ...] = ()
    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


def parse(typed: str) -> Asked:
    """Take a question apart. Raises BadQuestionError."""
    if len(typed) > LONGEST:
        raise BadQuestionError(_("A question has at most %(most)d characters.") % {"most": LONGEST})
    if "\0" in typed:
        raise BadQuestionError(_("The question has a character that no text has."))
    terms: list[Term] = []
    named: dict[str, list[str]] = {"topic": [], "provider": []}
    parts = list(_PART.finditer(typed))
    for part in parts:
        kind, quoted, _end, bare = part.groups()
        text = bare if quoted is None else quoted
        if kind:
            named[kind.lower()].append(text.strip())
            continue
        # Whoever is still typing means words that begin so.
        is_open = part is parts[-1] and quoted is None and typed[-1:] not in " \t"
        terms += _terms(text, is_open=is_open)
    if len(terms) > MOST_TERMS:
        raise BadQuestionError(
            _("A question has at most %(most)d words; put some of them in quotes.")
            % {"most": MOST_TERMS}
        )
    if typed.strip() and not terms and not any(filter(None, [*named["topic"], *named["provider"]])):
        raise BadQuestionError(_("The question has no letters or digits to look for."))
    return Asked(
        tuple(terms),
        tuple(filter(None, named["topic"])),
        tuple(filter(None, named["provider"])),
    )


def fold(text: str) -> str:
    """Without case, and without the accents of Latin letters, as both databases compare words."""
    return text.translate(_PLAIN).lower()


def _terms(text: str, *, is_open: bool) -> list[Term]:
    """One term: `well-known` stands for two words side by side."""
    words = tuple(WORD.findall(fold(text)))
    return [Term(words, is_open)] if words else []
