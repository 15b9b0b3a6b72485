"""Marks in a text the words that somebody asked for."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ..search import Term
from ..search.asking import WORD, fold


def highlight(text: str, terms: Iterable[Term]) -> SafeString:
    """The text, escaped, its words that match in `<mark>`."""
    whole = {word for term in terms for word in term.words[: -1 if term.is_prefix else None]}
    begun = tuple(term.words[-1] for term in terms if term.is_prefix)
    pieces, end = [], 0
    for found in WORD.finditer(text):
        word = fold(found[0])
        if word in whole or (begun and word.startswith(begun)):
            pieces += [escape(text[end : found.start()]), format_html("<mark>{}</mark>", found[0])]
            end = found.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, escape(text[end:])]))
