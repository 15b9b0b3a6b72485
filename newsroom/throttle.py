"""How much one visitor may ask for in a minute, and how large a request may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from articles.desk.visitors import address_of
from articles.images.darkroom import MOST_BYTES
from articles.observing.caches import ask
from articles.uploads import Limits

MINUTE = 60
SMALL = 3_000_000
"""Bytes of a request without files; Django refuses a little less, after reading it."""
ROOM = 1_000_000
"""What a form needs around the files of an upload."""

SIGNING_IN = frozenset(
    {"login", "join", "articles_article_typed", "articles_person_second", "articles_person_enrol"}
)
UPLOADING = "articles_upload_changelist"
PICTURING = "articles_article_picture"


class Throttle:
    """Middleware: 429 with a sentence for who asks too often, 413 for what is too large.

    It stands before whatever reads a body, the check of tokens among them. Counted by address (a
    network of IPv6 is one) in the site's cache; a cache that is not there counts nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if is_too_large(request):
            sentence = "This is larger than the site takes, so nothing of it was read."
            return _refusal(request, 413, sentence)
        kind = kind_of(request)
        limit: int = getattr(settings, f"{kind.upper()}_A_MINUTE") if kind else 0
        visitor = visitor_of(request) if limit else ""
        if not visitor or _asked(f"{kind}:{visitor}") <= limit:
            return None
        sentence = f"More than {limit} requests in a minute are more than this site gives to one."
        answer = _refusal(request, 429, f"{sentence} Go on in a moment.")
        answer.headers["Retry-After"] = str(MINUTE - int(time.time()) % MINUTE)
        return answer


def kind_of(request: HttpRequest) -> str:
    """What is limited here: "search", "api", "login", or empty for what is not."""
    match = request.resolver_match
    name = str(match.url_name) if match else ""
    if match is not None and match.namespace == "public":
        if name in ("search", "search-feed", "v1-search"):
            return "search"
        return "api" if request.path_info.startswith("/api/") else ""
    return "login" if name in SIGNING_IN and request.method == "POST" else ""


def is_too_large(request: HttpRequest) -> bool:
    """Whether a body is announced that no page takes; what is not announced is not read."""
    said = request.META.get("CONTENT_LENGTH") or ""
    size = int(said) if said.isdecimal() else 0
    match = request.resolver_match
    name = match.url_name if match else ""
    if name in (UPLOADING, PICTURING) and SESSION_KEY in request.session:
        is_picture = name == PICTURING
        most = MOST_BYTES if is_picture else Limits(**settings.UPLOAD_LIMITS).bytes
        return size > most + ROOM
    return size > SMALL


def visitor_of(request: HttpRequest) -> str:
    """The address that a visitor is counted by; empty where the network names none."""
    try:
        found = ip_address(address_of(request).partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def _asked(what: str) -> int:
    """How often this minute, this time counted."""
    key = f"throttle:{what}:{int(time.time()) // MINUTE}"
    if ask("add", key, 1, 2 * MINUTE):
        return 1
    return ask("incr", key) or 0


def _refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    answer: HttpResponse
    if request.path_info.startswith("/api/"):
        answer = JsonResponse({"error": sentence}, status=status)
        answer.headers["Access-Control-Allow-Origin"] = "*"
    else:
        answer = render(request, f"{status}.html", {"sentence": sentence}, status=status)
    add_never_cache_headers(answer)
    return answer
