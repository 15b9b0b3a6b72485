"""The name of an article's file, where FORMAT.md orders by it: `a.md` comes after `a-b.md`."""

from __future__ import annotations

from django.db.models import F, Func, TextField
from django.utils.deconstruct import deconstructible


@deconstructible(path="articles.models.FileName")
class FileName(Func):
    """Of the article asked for. No value is a parameter, so that an index knows it again."""

    template = "(%(expressions)s || '.md')"
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__(F("slug"))
