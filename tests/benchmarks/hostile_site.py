"""A newsroom to be hostile to: `with_django hostile_site FOLDER` fills the database with rows of
every kind and prints, as JSON, `routes` of every address there is, `names` that stand in it, and
the `sessions` of signed-in people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from articles.models import Article, Topic
from providers.models import Provider
from tests.factories import make_user
from tests.hostile import hostile_newsroom

SESSIONS = 40
"""Requests of people change people: whoever is locked out is followed by another."""


def main(folder: str) -> None:
    hostile_newsroom(Path(folder))
    names = [
        *Article.objects.values_list("slug", flat=True)[:8],
        *Topic.objects.values_list("slug", flat=True)[:2],
        *Provider.objects.values_list("domain", flat=True)[:2],
    ]
    said = {"routes": sorted(set(_routes(get_resolver()))), "names": names, "sessions": _signed()}
    print(json.dumps(said))


def _routes(resolver: Any, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def _signed() -> list[str]:
    found = []
    for number in range(SESSIONS):
        client = Client()
        client.force_login(make_user("superuser", username=f"hostile-{number}"))
        found.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return found
