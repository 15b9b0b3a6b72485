"""The words of a headline that may name an event, and the letters they are made of."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"['’]s\b")
ENDINGS = ("ies", "ing", "ers", "ed", "er", "es", "s")
SHORTEST_STEM = 4
GRAMS = (3, 4)

# What first parties and agencies put before or after the news itself: shared by pieces of the
# same day that have nothing else in common.
_STATUS = (
    r"(?:now )?(?:in )?(?:general(?:ly)? availab(?:ility|le)|ga|(?:public |private )?preview"
    r"|action required|retirement(?: notice)?|announcing|announcement|coming soon|in development)"
)
_WIRE = r"(?:rpt|update ?\d*|correct(?:ed|ion)|exclusive|breaking|watch live|press release)"
_DATE = r"(?:\d{1,2} )?[a-z]+(?: \d{1,2})?,?(?: \d{4})?"
TEMPLATES = re.compile(
    rf"^(?:{_STATUS}|{_WIRE}) ?[:—–-]+ ?"
    rf"|[ ,—–-]*\b(?:is |are )?(?:now )?(?:generally available|available|in (?:public )?preview)\b"
    rf"|[ ,—–-]*\b(?:will be|is|are|is being|are being) (?:retired|retiring|deprecated)"
    rf"(?: (?:on|by|in|from) {_DATE})?\s*$",
    re.IGNORECASE,
)


def bare(title: str) -> str:
    """The headline without the phrases of its kind; as it is when nothing else would be left."""
    return TEMPLATES.sub(" ", title).strip(" -–—:") or title


def spelled(text: str) -> list[str]:
    """Words and numbers as they are printed."""
    return WORD.findall(POSSESSIVE.sub("", text))


def plain_words(text: str) -> list[str]:
    """Words and numbers without case."""
    return spelled(text.casefold())


def stem(word: str) -> str:
    """Without the commonest endings of English; other languages lose little by it."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def terms(text: str) -> list[str]:
    """The stems of a text; single letters say nothing, single digits may."""
    return [stem(word) for word in plain_words(text) if len(word) > 1 or word.isdigit()]


def grams(word: str) -> list[str]:
    """The runs of letters by which Poland is near Polish."""
    padded = f" {word} "
    return [padded[at : at + size] for size in GRAMS for at in range(len(padded) - size + 1)]
