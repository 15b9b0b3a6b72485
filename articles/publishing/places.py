"""Where pages lie that have a query in their address, which no static host can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

PAGES = 10
"""Pages of a list; the archive has every story, and its days do not move."""

ORDERS = ("latest", "time")
_BEYOND = "/archive/"
# Begins with what is rare in a page, and looks back from there; a description is no link.
_ATTRIBUTE = r'="(?:(?<=\bhref=")|(?<=\bsrc=")|(?<=\bcontent=")(?![^"]* ))'
_SET = re.compile(r'\bsrcset="([^"]*)"')


class Places:
    """Addresses below SITE_URL (`/topics/x/?order=latest`) and their places (`…/x/latest/`)."""

    def __init__(self, numbers: Iterable[tuple[str, str, str, int]] = ()) -> None:
        self._numbers = {(path, order, after): number for path, order, after, number in numbers}
        beginnings = map(re.escape, (settings.SITE_URL, f"{settings.SITE_PATH}/", "?"))
        self._links = re.compile(rf'{_ATTRIBUTE}((?:{"|".join(beginnings)})[^"]*)"')
        self._plain: dict[str, str] = {}

    def written(self) -> list[tuple[str, str, str, int]]:
        """All that it knows, for another one."""
        return [(*key, number) for key, number in self._numbers.items()]

    def place(self, address: str) -> str:
        """Where an address lies: a path below SITE_URL. Queries that mean nothing are dropped."""
        path, order, after = _parts(address)
        number = self._numbers.get((path, order, after), 1)
        if number > PAGES:
            return _BEYOND
        own = f"{path}{order}/" if order else path
        return own if number == 1 else f"{own}page/{number}/"

    def rewritten(self, html: str, address: str) -> tuple[str, list[str]]:
        """A page with its links as they are here, and the addresses it links to below SITE_URL."""
        found: set[str] = set()
        queries = False
        for value in self._links.findall(html):
            if "?" in value:
                queries = True
            else:
                found.add(self._target(value))
        text = self._without_queries(html, address, found) if queries else html
        found.update(_of_sets(html, address))
        if "?" in address:
            # The page's own address in its JSON-LD.
            own = (settings.SITE_URL + address).replace("&", "\\u0026")
            text = text.replace(own, settings.SITE_URL + self.place(address))
        return text, [target for target in found if target and self._is_within(target)]

    def _target(self, link: str) -> str:
        """Where a link without a query leads, as every page that has it leads there; empty when it
        leads elsewhere."""
        if link not in self._plain:
            self._plain[link] = below_site(unescape(link), "") or ""
        return self._plain[link]

    def _without_queries(self, html: str, address: str, found: set[str]) -> str:
        """The page with links to places where it has queries; adds where they lead."""

        def replace(match: re.Match[str]) -> str:
            value = unescape(match[1])
            target = below_site(value, address) if "?" in value else None
            if target is None:
                return match[0]
            self._number(target, address)
            found.add(target)
            is_absolute = value.startswith(settings.SITE_URL)
            prefix = settings.SITE_URL if is_absolute else settings.SITE_PATH
            return f'="{escape(prefix + self.place(target))}"'

        return self._links.sub(replace, html)

    def _number(self, target: str, source: str) -> None:
        """The page that follows this one in its list is the next."""
        key, here = _parts(target), _parts(source)
        if key[2] and key[:2] == here[:2] and key not in self._numbers:
            self._numbers[key] = self._numbers.get(here, 1) + 1

    def _is_within(self, target: str) -> bool:
        return self._numbers.get(_parts(target), 1) <= PAGES


def _of_sets(html: str, source: str) -> list[str]:
    """The pictures that browsers choose among; none has a query."""
    if 'srcset="' not in html:
        return []
    links = (one.split()[0] for found in _SET.findall(html) for one in found.split(",") if one)
    return [target for link in links if (target := below_site(unescape(link), source))]


def meant(address: str) -> str:
    """An address without a query that means nothing here, a search for one."""
    if "?" not in address:
        return address
    path, *query = _parts(address)
    return address if any(query) else path


def below_site(value: str, source: str) -> str | None:
    """A link of the page at `source` as an address below SITE_URL; None when it leads elsewhere."""
    link = value.partition("#")[0]
    if link == settings.SITE_URL:
        return "/"
    if link.startswith(f"{settings.SITE_URL}/"):
        return link.removeprefix(settings.SITE_URL)
    if link.startswith("?"):
        return urlsplit(source).path + link
    if link.startswith(f"{settings.SITE_PATH}/") and not link.startswith("//"):
        return link.removeprefix(settings.SITE_PATH)
    return None


def without_queries(text: str) -> str:
    """A feed or a map whose links to lists in the order of going live lead to their places."""
    within = re.escape(settings.SITE_URL)
    return re.sub(rf'({within}/[^\s"<>?]*)\?order=latest', r"\1latest/", text)


def file_of(place: str) -> str:
    """The path of the file in the folder, for a place below SITE_URL."""
    path = unquote(place).removeprefix("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _parts(address: str) -> tuple[str, str, str]:
    """(path, order, cursor): all that an address may say."""
    if "?" not in address:
        return address, "", ""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    [order] = query.get("order", [""])[:1]
    return parts.path, order if order in ORDERS else "", query.get("after", [""])[0]
