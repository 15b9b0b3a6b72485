"""What an arrival costs: `with_django stories_asking REPEATS` in a newsroom that `filling` made."""

from __future__ import annotations

import json
import resource
from time import perf_counter, process_time

from django.db import connection
from django.db.models import Max

from articles.models import Article
from articles.stories.candidates import WINDOW
from articles.stories.suggesting import suggest

OF_ALL = 10
"""One article of so many is published within the window before the newest."""

STEPS = 200
"""Moments that they are spread over."""


def main(repeats: str) -> None:
    _crowd()
    clock = perf_counter if connection.vendor == "postgresql" else process_time
    newest = list(Article.objects.order_by("-published_at", "-pk")[: int(repeats) + 1])
    suggest(newest.pop())
    costs = []
    for article in newest:
        started = clock()
        suggest(article)
        costs.append(clock() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": sorted(costs)[len(costs) // 2], "megabytes": peak / 1024}))


def _crowd() -> None:
    """Bring a tenth of all articles, the last by id, into the window, evenly."""
    found = Article.objects.aggregate(at=Max("published_at"), last=Max("pk"))
    last, many = found["last"], found["last"] // OF_ALL // STEPS
    for step in range(STEPS):
        until = last - step * many
        crowd = Article.objects.filter(pk__gt=until - many, pk__lte=until)
        crowd.update(published_at=found["at"] - WINDOW * step / STEPS)
