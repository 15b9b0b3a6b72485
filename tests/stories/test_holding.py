"""Acts on several stories and imports never wait for one another in a circle."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from articles.models import Article, Claim
from articles.stories import attach, detach
from articles.stories.counts import refresh
from articles.stories.membership import regroup
from articles.workflow import transition, undo
from articles.workflow.rows import hold_stories, one_at_a_time
from tests.factories import make_article, make_story, make_user

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]

WAITING_FOR_US = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def wait_until_it_waits(done: Future[Any]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not done.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING_FOR_US)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError(f"it does not wait: {done}")


def beside(act: Callable[[], Any]) -> Any:
    """Do it on a connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def claim_one_another(one: Article, other: Article) -> None:
    for here, there in ((one, other), (other, one)):
        Claim.objects.create(article=here, identity=there.identity, title_hash=there.title_hash)


def import_of(article: Article) -> None:
    """What a run does with the file of one article: holds its story, then all that it joins."""
    rows = Article.objects.filter(pk=article.pk)
    hold_stories(rows)
    list(rows.select_for_update(of=("self",)))
    refresh(regroup(changed=[article.pk]).apply())


def meeting(article: Article, act: Callable[[], Any]) -> Any:
    """What comes of an act that begins while an import has the article in hand."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        one_at_a_time()
        hold_stories(Article.objects.filter(pk=article.pk))
        Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        done = pool.submit(beside, act)
        wait_until_it_waits(done)
        import_of(article)
    return done.result(timeout=20)


@pytest.fixture
def ties() -> tuple[Article, Article, Article]:
    """Of three stories in order of id the first and the second are about to be one."""
    first, second, third = make_article(), make_article(quality=90), make_article()
    claim_one_another(first, second)
    return first, second, third


def test_joining_a_story_that_an_import_brings_into_another_waits_its_turn(
    ties: tuple[Article, Article, Article],
):
    first, second, third = ties
    ana = make_user("editor", username="ana")
    story = meeting(first, lambda: attach(third, second, ana))
    assert {row.story_id for row in Article.objects.all()} == {story.pk}


def test_leaving_a_story_that_an_import_has_in_hand_waits_its_turn(
    ties: tuple[Article, Article, Article],
):
    first, second, _ = ties
    member = make_article(story=second.story, is_lead=False)
    claim_one_another(second, member)
    ana = make_user("editor", username="ana")
    meeting(first, lambda: detach(member, ana))
    rows = {row.pk: row.story_id for row in Article.objects.all()}
    assert rows[first.pk] == rows[second.pk] != rows[member.pk]


def test_an_undone_join_waits_its_turn(ties: tuple[Article, Article, Article]):
    first, second, third = ties
    ana = make_user("editor", username="ana")
    Claim.objects.all().delete()
    attach(third, second, ana)
    claim_one_another(first, second)
    result = meeting(first, lambda: undo(ana))
    assert (result.done, len(result.refused)) == ([], 1)


def test_an_act_on_one_story_goes_on_while_others_are_held():
    lead, member = make_story({}, {})
    ana = make_user("editor", username="ana")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        one_at_a_time()
        act = pool.submit(
            beside, lambda: transition(lead, "claim", ana, expected_version=lead.version)
        )
        assert act.result(timeout=20).assignee_id == ana.pk
        assert Article.objects.filter(pk=member.pk).exists()
