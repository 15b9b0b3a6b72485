"""What whoever stays at publishing knows from one run to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..public.entries import Entry


class Memory:
    """What the run knew whose manifest has this cursor: the stories as lists show them, with what
    was put together of them."""

    def __init__(self) -> None:
        self._cursor = ""
        self._entries: dict[Any, Entry] = {}

    def known(self, cursor: str, changed: Collection[str]) -> Mapping[Any, Entry]:
        """Those stories that are as they were at that cursor, when these addresses changed."""
        if cursor != self._cursor:
            return {}
        return {key: one for key, one in self._entries.items() if _address(one) not in changed}

    def keep(self, cursor: str, made: Mapping[Any, Any]) -> None:
        """Remember what a run made."""
        self._cursor = cursor
        self._entries = {key: one for key, one in made.items() if isinstance(one, Entry)}


def _address(entry: Entry) -> str:
    return entry.article.story.slug or entry.article.slug
