"""What a reader's front page costs beside its least: `with_django reader_pages REPEATS`.

Fills the database with the stories that stand beside Wagtail's and prints JSON.
"""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from articles.public import listing, views
from articles.public.entries import entries, providers_of, topics_of
from articles.public.paging import listed

from .dicts import plain
from .measure import timed
from .pages import fill

SITE = WSGIHandler()
ASSETS = ("site.css", "live.js")


def main(repeats: str) -> None:
    fill()
    path = reverse("public:front")
    dicts, tuples = _template(path, plain), _template(path, dict)
    # In turns, so that whatever disturbs the machine meets all.
    costs = [(_asked(path)[1], dicts(), tuples()) for _ in range(int(repeats))]
    found = dict(zip(("front", "plain", "tuples"), map(min, *costs), strict=True))
    print(json.dumps(found | _not_modified(path, int(repeats)) | _weight(path)))


def _asked(path: str, headers: dict[str, str] | None = None) -> tuple[HttpResponseBase, float]:
    """What the site answers when a server asks it, and the seconds of CPU that it took for it."""
    environ = RequestFactory().get(path, headers=headers).environ
    started = process_time()
    response = SITE(environ, lambda *_said: _unread)
    for _ in response:
        pass
    response.close()
    return response, process_time() - started


def _unread(_data: bytes) -> None:
    """What a server gives for writing: nothing of the site writes that way."""


def _template(path: str, made: Callable[[Any], Any]) -> Callable[[], float]:
    """Tells the seconds of CPU for the template alone, with all that it prints in what is `made` of
    it: new objects each time, as any page has them, which no cache met before."""
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    at = timezone.now()
    stories, links = listed(request, listing.top, listing.published(at))
    found = entries(stories, at)
    context = {
        "entries": found,
        "topics": topics_of(found),
        "providers": providers_of(found),
        "today": timezone.localdate(at),
        "live_seconds": views.LIVE_SECONDS,
        **links,
    }
    data = pickle.dumps(made(context))
    render = partial(render_to_string, "public/front.html", request=request)
    assert render(pickle.loads(data)) == render(context)

    def seconds() -> float:
        new = pickle.loads(data)
        return timed(partial(render, new)).cpu

    return seconds


def _not_modified(path: str, repeats: int) -> dict[str, Any]:
    etag = _asked(path)[0].headers["ETag"]
    costs = []
    for _ in range(repeats):
        with CaptureQueriesContext(connection) as queries:
            response, cost = _asked(path, {"if-none-match": etag})
        assert response.status_code == 304, response.status_code
        costs.append(cost)
    return {"not_modified": min(costs), "queries": len(queries)}


def _weight(path: str) -> dict[str, int]:
    """Bytes of page, style sheet and script, each compressed."""
    public = Path(settings.BASE_DIR) / "articles" / "static" / "public"
    parts = [b"".join(_asked(path)[0]), *((public / name).read_bytes() for name in ASSETS)]
    return {"weight": sum(len(gzip.compress(part)) for part in parts)}
