"""Pages of nothing but published stories in an order: as long as that order is the same, those stay
as they are that tell of no story that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..public.links import page
from .places import Places
from .touched import Standing

_LISTS = {
    *("front", "latest", "topic", "feed", "topic-feed", "provider-feed"),
    *("api-news", "api-news-page", "api-news-topic", "api-news-under"),
    *("archive", "archive_year", "archive_month", "archive_day"),
}
"""Those, and what says of how many there are."""


@dataclass(slots=True)
class Lists:
    """The lists as they stand: `orders` of touched.Standing on a `day` (ISO 8601; pages name it),
    the file of each page with the addresses it leads to, by its own, and the places of pages."""

    orders: str = ""
    day: str = ""
    pages: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def note(self, name: str | None, address: str, path: str, links: list[str]) -> None:
        """Remember what was made of an address, if it is a list."""
        if name in _LISTS:
            self.pages[address] = path, links

    def written(self) -> dict[str, Any]:
        """For the manifest; pages name their links by number, as most have most in common."""
        numbers = {link: number for number, link in enumerate(self._links())}
        pages = {
            address: [path, [numbers[link] for link in links]]
            for address, (path, links) in self.pages.items()
        }
        said = {"orders": self.orders, "day": self.day, "pages": pages, "links": list(numbers)}
        return said | {"places": self.places.written()}

    def _links(self) -> dict[str, None]:
        return dict.fromkeys(link for _, links in self.pages.values() for link in links)


def standing(said: Mapping[str, Any], orders: str, day: str) -> Lists:
    """The lists of a manifest, if the same stories stand in the same order on the same day; else
    none."""
    if (said.get("orders"), said.get("day")) != (orders, day):
        return Lists(orders, day)
    links = said["links"]
    pages = {
        address: (path, [links[number] for number in numbers])
        for address, (path, numbers) in said["pages"].items()
    }
    return Lists(orders, day, pages, Places(said["places"]))


def names(changed: Iterable[str], standing: Standing) -> list[bytes]:
    """How lists name these stories, in whatever form: by address, and JSON by the lead's stem."""
    found = []
    for address in changed:
        found.append(page("story", address).encode())
        for folder in standing.stories.get(address, ())[1:2]:
            stem = folder.split("/")[-2]
            found.append(f"_news/{stem}.md".encode())
    return found
