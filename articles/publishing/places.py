"""Where pages lie that have a query in their address, which no static host can answer."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

PAGES = 10
"""Pages of a list; the archive has every story, and its days do not move."""

ORDERS = ("latest", "time")
_BEYOND = "/archive/"
_ATTRIBUTE = re.compile(r'\b(href|src|content)="([^"]*)"')


class Places:
    """Addresses below SITE_URL (`/topics/x/?order=latest`) and their places (`…/x/latest/`)."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str], int] = {}

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
        found: list[str] = []

        def replace(match: re.Match[str]) -> str:
            name, value = match[1], unescape(match[2])
            target = below_site(value, address)
            if target is None or (name == "content" and " " in value):
                return match[0]
            self._number(target, address)
            found.append(target)
            if "?" not in value:
                return match[0]
            is_absolute = value.startswith(settings.SITE_URL)
            prefix = settings.SITE_URL if is_absolute else settings.SITE_PATH
            return f'{name}="{escape(prefix + self.place(target))}"'

        text = _ATTRIBUTE.sub(replace, html)
        if "?" in address:
            # The page's own address in its JSON-LD.
            own = (settings.SITE_URL + address).replace("&", "\\u0026")
            text = text.replace(own, settings.SITE_URL + self.place(address))
        return text, [target for target in found if self._is_within(target)]

    def _number(self, target: str, source: str) -> None:
        """The page that follows this one in its list is the next."""
        key, here = _parts(target), _parts(source)
        if key[2] and key[:2] == here[:2] and key not in self._numbers:
            self._numbers[key] = self._numbers.get(here, 1) + 1

    def _is_within(self, target: str) -> bool:
        return self._numbers.get(_parts(target), 1) <= PAGES


def meant(address: str) -> str:
    """An address without a query that means nothing here, a search for one."""
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
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    [order] = query.get("order", [""])[:1]
    return parts.path, order if order in ORDERS else "", query.get("after", [""])[0]
