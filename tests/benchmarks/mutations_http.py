"""Requests that no browser sends: the same seed sends the same ones.

Most are a good request with something wrong in it; a few are no request at all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes

GOOD, ODD = ("GET", "POST", "HEAD"), ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get")
QUERY = (
    *("q", "after", "page", "order", "topic", "provider", "from", "to", "since", "state", "o", "p"),
    *("e", "_popup", "all", "ids", "quality", "heat", "next", "view", "run", "term", "field_name"),
    *("app_label", "model_name", "action", "at", "tab", "against", "revision", "link", "zone"),
)
FIELDS = (
    *("action", "version", "comment", "title", "excerpt", "web_url", "topics", "go_live_at", "at"),
    *("expire_at", "ids", "_selected_action", "select_across", "again", "name", "username", "code"),
    *("password", "files", "kind", "article", "story", "reason", "quality", "confirmation", "next"),
    *("_save", "token", "order", "until", "position", "focus_x", "picture", "note", "assignee"),
)
VALUES = (
    *(b"", b"0", b"1", b"-1", b"2", b"999999999999999999999", b"1e309", b"NaN", b"1.5", b"true"),
    *(b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", "\u202e\U0001f6a2".encode(), b"'", b'"'),
    *(
        b"<script>",
        b"%",
        b"%s%n",
        b"{{7*7}}",
        b"../../etc/passwd",
        b"..\\..",
        b"\r\nSet-Cookie: a=b",
    ),
    *(b"2024-02-30", b"9999-12-31", b"0001-01-01T00:00:00Z", b"2024-05-06T12:00:60Z", b"24:00"),
    *(
        b"x" * 5_000,
        "é".encode() * 1_000,
        b"[",
        b"{}",
        b"null",
        b"[[[[",
        b"()",
        b"*",
        b"AND OR NOT",
    ),
    *(b"a" + b" a" * 500, b'"unclosed', b"topic:", b"published", b"approve", b"https://[::1", b"/"),
)
PIECES = (
    *("%00", "%ff", "%2e%2e", "..", ".", "//", "/", "%2f", "%0d%0a", "*", "+", ";a=b", "%", "%zz"),
    *("%e2%80%ae", "%f0%9f%9a%a2", "~", "index.html", "index.json", "feed.rss", "-1", "0", "1e9"),
    "x" * 300,
)
HEADERS = {
    "If-None-Match": ("*", '"', "W/", '"a", "b', "\xff"),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 40),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1", "lines=1-2"),
    "Accept": ("", "text/turtle", "*/*;q=x", "," * 500),
    "Accept-Encoding": ("br;q=nan", "identity;q=0"),
    "Accept-Language": ("", "tlh", "x" * 2_000),
    "Cookie": ("=", ";;;", "sessionid=\xff", "csrftoken=x", "a=" + "b" * 3_000),
    "Content-Type": (
        *("multipart/form-data", "multipart/form-data; boundary=", "text/plain; charset=none"),
        *(
            "application/json",
            "application/x-www-form-urlencoded; charset=utf-16",
            "\xff",
            "x" * 500,
        ),
    ),
    "X-Forwarded-For": ("127.0.0.1, \xff", "::1", "x" * 500),
    "X-Forwarded-Proto": ("gopher",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Requested-With": ("XMLHttpRequest",),
    "X-Request-ID": ("\xff" * 80,),
    "Host": ("", "evil.example", "127.0.0.1:99999", "[::1"),
    "Referer": ("http://evil.example/", "\xff"),
    "Origin": ("null", "http://evil.example"),
}
BROKEN = (
    *(
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET  /  HTTP/1.1\r\n\r\n",
    ),
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
)
TOKEN = "t" * 32
"""A token against forgery that is its own cookie, as Django accepts it."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is there to be asked for."""

    routes: Sequence[str]
    names: Sequence[str]
    sessions: list[str] = field(default_factory=list)


def request(seed: int, site: Site, host: str) -> bytes:
    """The bytes of one request; without a session when the list has run dry."""
    chance = random.Random(seed)
    if chance.random() < 0.01:
        return chance.choice(BROKEN)
    method = chance.choices((*GOOD, *ODD), weights=(60, 30, 3, *(1,) * len(ODD)))[0]
    headers = {"Host": host, "Connection": "close"} | _cookies(chance, site)
    body = b""
    if method not in ("GET", "HEAD"):
        body = _form(chance)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Referer"] = f"http://{host}/"
    if chance.random() < 0.3:
        for name in chance.sample(sorted(HEADERS), chance.choice((1, 1, 2))):
            headers[name] = chance.choice(HEADERS[name])
    if body or method not in ("GET", "HEAD"):
        headers["Content-Length"] = str(len(body))
    lines = [f"{method} {_address(chance, site)} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _cookies(chance: random.Random, site: Site) -> dict[str, str]:
    said = f"csrftoken={TOKEN}"
    if site.sessions and chance.random() < 0.6:
        said += f"; sessionid={chance.choice(site.sessions)}"
    return {"Cookie": said}


def _address(chance: random.Random, site: Site) -> str:
    def name(_found: re.Match[str]) -> str:
        known = (*site.names, "1", "2", "3", "2024", "05")
        return quote(chance.choice(known), safe="") if chance.random() < 0.9 else _piece(chance)

    path = "/" + re.sub(r"<[^>]+>|\(\?P<.*?\)", name, chance.choice(site.routes))
    path = path.replace("$", "").replace("^", "").replace(" ", "%20")
    if chance.random() < 0.3:
        at = chance.randrange(len(path) + 1)
        path = path[:at] + _piece(chance) + path[at:]
    if chance.random() < 0.6:
        path += "?" + _pairs(chance, QUERY)
    return path


def _piece(chance: random.Random) -> str:
    return chance.choice(PIECES)


def _pairs(chance: random.Random, names: Sequence[str]) -> str:
    pairs = (
        f"{chance.choice(names)}={quote_from_bytes(chance.choice(VALUES))}"
        for _ in range(chance.choice((1, 1, 2, 3, 8)))
    )
    return "&".join(pairs)


def _form(chance: random.Random) -> bytes:
    makes: tuple[Callable[[], bytes], ...] = (
        lambda: f"csrfmiddlewaretoken={TOKEN}&{_pairs(chance, FIELDS)}".encode(),
        lambda: f"csrfmiddlewaretoken={TOKEN}&{_pairs(chance, FIELDS)}".encode(),
        lambda: _pairs(chance, FIELDS).encode(),
        lambda: chance.randbytes(chance.choice((0, 1, 50, 5_000))),
        lambda: b'{"a": [1, "\\ud800"',
    )
    return chance.choice(makes)()
