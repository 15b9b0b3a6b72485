"""Provider marks, drawn from name and domain: initials on one of a few colours. Pure."""

from __future__ import annotations

from zlib import crc32

HEX = (
    *("#9c2f28", "#a34a0f", "#7d5c00", "#52691a", "#1f6e3f", "#0f6a68"),
    *("#17628c", "#3350a4", "#5d42a6", "#853a90", "#a12c63", "#5b5147"),
)
"""The colours of marks: `.mark-N` of the style sheet."""
COLOURS = len(HEX)

_ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "el", "los", "der", "die", "das"})
_LAST_LATIN = "\u024f"


def initials(name: str) -> str:
    """One or two characters: `The Calder Courant` → CC, `Tramline` → Tr, `汐見新報` → 汐.

    Scripts other than Latin give one: their letters join, or fill the square alone.
    """
    words = [word for word in map(_letters, name.split()) if word]
    if len(words) > 1 and words[0].lower() in _ARTICLES:
        words = words[1:]
    if not words:
        return "?"
    if words[0][0] > _LAST_LATIN:
        return words[0][0]
    if len(words) == 1:
        return words[0][0].upper() + words[0][1:2].lower()
    return (words[0][0] + words[1][0]).upper()


def colour(domain: str) -> int:
    """The same number, 0 to COLOURS - 1, for a domain on every page and every run."""
    return crc32(domain.encode()) % COLOURS


def _letters(word: str) -> str:
    return "".join(letter for letter in word if letter.isalnum())
