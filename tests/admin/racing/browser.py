"""A browser without a screen: one person's session, and the forms of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

TOKEN = "a" * 32
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the site said: `body` is text."""

    status: int
    body: str
    location: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the form that was sent was taken, rather than shown again."""
        return self.status == 302


class Browser:
    """One person at one window; a connection for each request, as after a proxy."""

    def __init__(self, person: User, port: int) -> None:
        self.person, self._port = person, port
        signed_in = Client()
        signed_in.force_login(person)
        session = signed_in.cookies["sessionid"].value
        self._cookies = f"sessionid={session}; csrftoken={TOKEN}"

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, pairs: Pairs) -> Answer:
        return self._ask("POST", path, urlencode([*pairs, ("csrfmiddlewaretoken", TOKEN)]))

    def bring(self, path: str, name: str, data: bytes) -> Answer:
        """Send a file with the form for uploads."""
        file = SimpleUploadedFile(name, data)
        said = {"kind": "article", "brought": file, "csrfmiddlewaretoken": TOKEN}
        return self._ask("POST", path, encode_multipart(BOUNDARY, said), MULTIPART_CONTENT)

    def _ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
        headers = {"Cookie": self._cookies, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            return Answer(response.status, text, response.headers.get("Location", ""))
        finally:
            connection.close()


@dataclass
class Form:
    """What the article's form on a page would send, and the fields that it calls collisions."""

    pairs: Pairs = field(default_factory=list)
    collisions: set[str] = field(default_factory=set)

    def shown(self, name: str) -> str:
        """The first value of a field; empty when there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def typed(self, values: dict[str, str]) -> Pairs:
        """What is sent when somebody typed these values over what stood there."""
        kept = [(name, value) for name, value in self.pairs if name not in values]
        return [*kept, *values.items()]


def form_of(page: str) -> Form:
    """The article's form of a page."""
    parser = _Fields()
    parser.feed(page)
    return Form(parser.pairs, parser.collisions)


class _Fields(HTMLParser):
    """Collects what a browser would send of the form `article_form`."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self.collisions: set[str] = set()
        self._is_inside = False
        self._area: tuple[str, list[str]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        has: dict[str, Any] = dict(attrs)
        if tag == "form":
            self._is_inside = has.get("id") == "article_form"
        if not self._is_inside or "form" in has:
            return
        if tag == "input":
            self._input(has)
        elif tag == "textarea" and has.get("name"):
            self._area = (has["name"], [])
        elif tag == "select":
            self._select = has.get("name") or ""
        elif tag == "option" and self._select and "selected" in has:
            self.pairs.append((self._select, has.get("value") or ""))

    def _input(self, has: dict[str, Any]) -> None:
        name, kind = has.get("name"), has.get("type", "text")
        if not name or kind in ("submit", "button"):
            return
        if name.startswith("_take-"):
            self.collisions.add(name.removeprefix("_take-"))
        if kind not in ("radio", "checkbox") or "checked" in has:
            self.pairs.append((name, has.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            name, text = self._area
            # The first line end after the tag is no part of the text.
            self.pairs.append((name, "".join(text).removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._is_inside = False
