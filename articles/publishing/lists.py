"""Pages that list what is public in some order: as long as that is the same, those stay as they are
that tell of no story that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..public import links
from ..public.digests import FORMS
from .orders import order_of
from .places import Places
from .touched import Standing


class Page(NamedTuple):
    """A page of a list: what it goes by (`orders.order_of`), its file, and where it leads."""

    order: str = ""
    path: str = ""
    links: Sequence[str] = ()


@dataclass(slots=True)
class Lists:
    """The lists as they stand: `orders` of touched.Standing on a `day` (ISO 8601; pages name it),
    each page by its address, and the places of pages."""

    orders: dict[str, str] = field(default_factory=dict)
    day: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def note(self, name: str | None, address: str, path: str, links: list[str]) -> None:
        """Remember what was made of an address, if it is a list."""
        if (order := order_of(name)) is not None:
            self.pages[address] = Page(order, path, links)

    def written(self) -> dict[str, Any]:
        """For the manifest; pages name their links by number, as most have most in common."""
        numbers = {link: number for number, link in enumerate(self._links())}
        pages = {
            address: [page.order, page.path, [numbers[link] for link in page.links]]
            for address, page in self.pages.items()
        }
        said = {"orders": self.orders, "day": self.day, "pages": pages, "links": list(numbers)}
        return said | {"places": self.places.written()}

    def _links(self) -> dict[str, None]:
        return dict.fromkeys(link for page in self.pages.values() for link in page.links)


def standing(said: Mapping[str, Any], orders: dict[str, str], day: str) -> Lists:
    """The lists of a manifest that go by what is the same as it was, on the same day."""
    if not said or said["day"] != day:
        return Lists(orders, day)
    same = {order for order, digest in orders.items() if said["orders"].get(order) == digest}
    names = said["links"]
    pages = {
        address: Page(order, path, [names[number] for number in numbers])
        for address, (order, path, numbers) in said["pages"].items()
        if order in same
    }
    lists = {address.partition("?")[0] for address in pages}
    # Another order has other pages.
    places = Places(place for place in said["places"] if place[0] in lists)
    return Lists(orders, day, pages, places)


def told_in(path: str) -> str:
    """The file that names each story a list tells of: its own, but mails lead to publishers, and
    the page that they are forms of has the same stories."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/index.html" if name in FORMS else path


def names(changed: Iterable[str], standing: Standing) -> list[bytes]:
    """How lists name these stories, in whatever form: by address, and JSON by the lead's stem."""
    found = []
    for address in changed:
        found.append(links.page("story", address).encode())
        for folder in standing.stories.get(address, ())[1:2]:
            stem = folder.split("/")[-2]
            found.append(f"_news/{stem}.md".encode())
    return found
