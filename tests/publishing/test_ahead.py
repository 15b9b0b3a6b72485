"""What a run reads at once is what each page would have asked for itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.public import archive, directory
from articles.public.prepared import Prepared
from articles.public.sharing import sharing
from articles.publishing import publish as publish_site
from articles.publishing.ahead import read_ahead
from providers.models import Policy, Provider
from tests.factories import A_DAY, make_provider, make_topic
from tests.public.conftest import publish_story

pytestmark = pytest.mark.django_db

COUNTED = {directory._LED, directory._JOINED}
"""Of these only the number of rows is said."""


def busy_site() -> None:
    """Providers with more than a page and with nothing, days apart, and stories without a time."""
    busy, silent, blocked = (make_provider() for _ in range(3))
    make_provider(stem="with-a-file")
    Provider.objects.filter(pk=blocked.pk).update(policy=Policy.BLOCKED)
    topic = make_topic(slug="harbour", stem="01-harbour")
    for number in range(30):
        at = None if number == 7 else A_DAY - timedelta(hours=5 * number)
        lead: dict[str, Any] = {"provider": busy, "published_at": at, "topics": [topic]}
        publish_story(lead, {"provider": silent, "published_at": A_DAY}, {"provider": blocked})
    publish_story({"provider": make_provider(), "published_at": A_DAY - timedelta(days=400)})


def test_every_answer_that_is_known_ahead_is_the_one_that_a_query_gives():
    busy_site()
    with sharing() as made:
        read_ahead(timezone.now())
        known = {key: rows for key, rows in made.items() if isinstance(key[0], Prepared)}
    assert {query for query, *_ in known} > COUNTED
    for (query, cut, given), rows in known.items():
        values = {name: list(one) if isinstance(one, tuple) else one for name, one in given}
        asked = query._asked(cut, values)
        if query in COUNTED:
            assert len(rows) == len(asked)
        else:
            assert list(map(tuple, rows)) == list(map(tuple, asked))


def test_a_site_without_a_story_has_nothing_to_read_ahead():
    with sharing() as made:
        read_ahead(timezone.now())
    assert made
    assert not any(made.values())


def test_a_list_of_too_many_is_left_to_each_page():
    busy_site()
    with sharing() as made:
        directory.read_ahead(timezone.now(), 3, 50)
        archive.read_ahead(timezone.now(), 3)
    told = {key[0] for key in made if {"provider", "first"} & dict(key[2]).keys()}
    assert told == {*COUNTED, directory._READABLE}


def test_a_run_asks_no_more_for_more_stories_providers_and_days(tmp_path: Path):
    topic = make_topic(slug="harbour", stem="01-harbour")
    counts = []
    for number in (8, 4):
        for day in range(number):
            at = A_DAY - timedelta(days=day % 6)
            publish_story({"provider": make_provider(), "published_at": at, "topics": [topic]}, {})
        connection.check_constraints()
        publish_site(tmp_path / "warm", is_fresh=True)
        with CaptureQueriesContext(connection) as found:
            publish_site(tmp_path / "site", is_fresh=True)
        counts.append(len(found))
    assert counts[0] == counts[1]
