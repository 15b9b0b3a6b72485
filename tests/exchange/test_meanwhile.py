"""What a person does in the moment between an import's reading and its writing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from articles.exchange import run_import
from articles.exchange.conflicts import resolve
from articles.models import Article
from articles.workflow import edit
from articles.workflow import transition as act
from tests.content import Piece, put

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one write at a time"
    ),
]
COAST = Piece("coast-a")


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the first answer would stand.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def meanwhile(theirs: Callable[[], object], ours: Callable[[], object]) -> None:
    """Do `theirs` and commit it only once `ours`, begun then, waits for it."""

    def run() -> None:
        try:
            ours()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            theirs()
            running: Future[None] = pool.submit(run)
            begun = monotonic()
            while not (running.done() or is_waiting()):
                assert monotonic() - begun < 60
        running.result()


def test_what_somebody_spiked_a_moment_ago_is_not_admitted(folder: Path, ana: User):
    run_import([put(folder, COAST)])
    article = Article.objects.get()
    put(folder, COAST.but(published=True))
    Article.objects.update(file_state="published")
    meanwhile(
        lambda: act(article, "spike", ana, expected_version=article.version),
        lambda: run_import([put(folder.parent / "other", Piece("inland-b"))]),
    )
    article.refresh_from_db()
    assert article.state == "spiked"
    versions = list(article.transitions.values_list("version", flat=True))
    assert len(set(versions)) == len(versions)


def test_a_text_saved_while_a_conflict_of_another_key_is_decided_stays(folder: Path, ana: User):
    run_import([put(folder, COAST)])
    article = Article.objects.get()
    edit(article, ana, {"title": "Ours"}, expected_version=1)
    run_import([put(folder, COAST.but(title="Theirs"))])
    meanwhile(
        lambda: edit(article, ana, {"excerpt": "Typed now."}, expected_version=2),
        lambda: resolve("coast-a", "title", "ours", actor=ana),
    )
    article.refresh_from_db()
    assert (article.title, article.excerpt) == ("Ours", "Typed now.")
    assert article.version == 3
