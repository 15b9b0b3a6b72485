"""What a reader's front page costs beside its least: `with_django reader_pages REPEATS`.

Fills the database with the stories that stand beside Wagtail's and prints JSON.
"""

from __future__ import annotations

import gzip
import json
import pickle
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from articles.public import listing, views
from articles.public.entries import entries, providers_of, topics_of
from articles.public.paging import listed

from .measure import least, timed
from .pages import cheapest, fill

ASSETS = ("site.css", "live.js")


def main(repeats: str) -> None:
    fill()
    path = reverse("public:front")
    client = Client()
    found = {"front": cheapest(client, path, int(repeats)), "plain": _plain(path, int(repeats))}
    print(json.dumps(found | _not_modified(client, path, int(repeats)) | _weight(client, path)))


def _plain(path: str, repeats: int) -> float:
    """Seconds of CPU for the template alone, with all that it prints in memory: each time in new
    objects, as any page has them, which no cache met before."""
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
    data = pickle.dumps(context)
    costs = []
    for _ in range(repeats):
        new = pickle.loads(data)
        costs.append(timed(partial(render_to_string, "public/front.html", new, request)))
    return least(costs).cpu


def _not_modified(client: Client, path: str, repeats: int) -> dict[str, Any]:
    etag = client.get(path).headers["ETag"]
    costs = []
    for _ in range(repeats):
        with CaptureQueriesContext(connection) as queries:
            started = process_time()
            response = client.get(path, headers={"if-none-match": etag})
            costs.append(process_time() - started)
        assert response.status_code == 304, response.status_code
    return {"not_modified": min(costs), "queries": len(queries)}


def _weight(client: Client, path: str) -> dict[str, int]:
    """Bytes of page, style sheet and script, each compressed."""
    public = Path(settings.BASE_DIR) / "articles" / "static" / "public"
    parts = [client.get(path).content, *((public / name).read_bytes() for name in ASSETS)]
    return {"weight": sum(len(gzip.compress(part)) for part in parts)}
