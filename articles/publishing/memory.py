"""What whoever stays at publishing knows from one run to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..public.entries import Entry
from ..public.links import page
from .places import Places
from .touched import Standing

_LISTS = {
    *("front", "latest", "topic", "feed", "topic-feed", "provider-feed"),
    *("api-news", "api-news-page", "api-news-topic", "api-news-under"),
    *("archive", "archive_year", "archive_month", "archive_day"),
}
"""Pages of nothing but published stories in an order, and of how many there are."""


@dataclass(slots=True)
class Lists:
    """The lists as they stand: `orders` of touched.Standing on a `day` (pages name it), the file of
    each page with the addresses it leads to, by its own, and the places of pages."""

    orders: str = ""
    day: date = date.min
    pages: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def note(self, name: str | None, address: str, path: str, links: list[str]) -> None:
        """Remember what was made of an address, if it is a list."""
        if name in _LISTS:
            self.pages[address] = path, links


class Memory:
    """What the run knew whose manifest has this cursor: the stories as lists show them, with what
    was put together of them, and the lists."""

    def __init__(self) -> None:
        self._cursor = ""
        self._entries: dict[Any, Entry] = {}
        self._lists = Lists()

    def known(self, cursor: str, changed: Collection[str]) -> Mapping[Any, Entry]:
        """Those stories that are as they were at that cursor, when these addresses changed."""
        if cursor != self._cursor:
            return {}
        return {key: one for key, one in self._entries.items() if _address(one) not in changed}

    def lists(self, cursor: str, orders: str, day: date) -> Lists:
        """The lists, if the same stories stand in the same order as at that cursor; else none."""
        last = self._lists
        is_same = (cursor, orders, day) == (self._cursor, last.orders, last.day)
        return last if is_same else Lists(orders, day)

    def keep(self, cursor: str, made: Mapping[Any, Any], lists: Lists) -> None:
        """Remember what a run made."""
        self._cursor, self._lists = cursor, lists
        self._entries = {key: one for key, one in made.items() if isinstance(one, Entry)}


def names(changed: Iterable[str], standing: Standing) -> list[bytes]:
    """How lists name these stories, in whatever form: by address, and JSON by the lead's stem."""
    found = []
    for address in changed:
        found.append(page("story", address).encode())
        for folder in standing.stories.get(address, ())[1:2]:
            stem = folder.split("/")[-2]
            found.append(f"_news/{stem}.md".encode())
    return found


def _address(entry: Entry) -> str:
    return entry.article.story.slug or entry.article.slug
