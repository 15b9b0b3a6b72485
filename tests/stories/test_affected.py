"""What a file joins is found by its indexes, however many other articles there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.stories.membership import _affected
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_stories_that_a_change_may_join_are_found_without_reading_the_others():
    changed = make_article().pk
    with CaptureQueriesContext(connection) as asked:
        _affected([], {changed}, {1})
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a table this small it reads all whenever it may.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"{explain} {query['sql']}")
            found = str(cursor.fetchall())
            assert "Seq Scan on articles_article" not in found
            assert "SCAN articles_article" not in found
