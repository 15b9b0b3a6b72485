"""An editor is told what does not belong in a story, and which two stories look like one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, PairFact, Story
from articles.stories import refresh
from articles.stories.cohesion import stories_like, strangers_in
from tests.factories import A_DAY, make_article, make_provider, make_story
from tests.likeness.reports import REPORTS

pytestmark = pytest.mark.django_db


def reports(event: str) -> list[dict[str, Any]]:
    """The invented reports of an event, each by its own provider."""
    return [
        {
            "title": title,
            "excerpt": excerpt,
            "published_at": A_DAY + timedelta(hours=hours),
            "provider": make_provider(),
        }
        for name, hours, _, title, excerpt in REPORTS
        if name == event
    ]


def make_whole(*texts: dict[str, Any]) -> Story:
    lead, *_ = make_story(*texts)
    return Story.objects.get(pk=lead.story_id)


def test_a_member_of_another_event_does_not_belong():
    choir = {"title": "Valley choir sings for a new roof", "published_at": A_DAY}
    story = make_whole(*reports("dam"), choir)
    (found,) = strangers_in(story)
    assert found.article.title == choir["title"]
    assert "rare word" in found.why


def test_all_reports_of_one_event_belong():
    assert strangers_in(make_whole(*reports("ferry"))) == []


def test_whoever_is_alone_belongs():
    assert strangers_in(make_article(title="Orsk dam cracks").story) == []


@pytest.mark.parametrize("event", ["dam", "ferry"])
def test_two_stories_of_one_event_look_like_one(event: str):
    first, *others = reports(event)
    half = make_whole(first, *others[: len(others) // 2])
    other = make_whole(*others[len(others) // 2 :])
    make_whole(*reports("dam" if event == "ferry" else "ferry"))
    (found,) = stories_like(half)
    assert found.lead.story == other


def test_a_stranger_does_not_speak_for_the_story():
    first, second, *_ = reports("dam")
    choir = {"title": "Valley choir sings for a new roof", "published_at": A_DAY}
    half, other = make_whole(first, choir), make_whole(second)
    assert [one.lead.story for one in stories_like(half)] == [other]


def test_stories_of_two_events_do_not():
    dam, _ = make_whole(*reports("dam")), make_whole(*reports("ferry"))
    assert stories_like(dam) == []


def test_two_stories_that_an_editor_kept_apart_are_not_named_again():
    first, second, third, *_ = reports("dam")
    half, other = make_whole(first, third), make_whole(second)
    one = half.members.order_by("-pk").values_list("pk", flat=True)[0]
    two = other.members.values_list("pk", flat=True)[0]
    PairFact.objects.create(
        first_id=min(one, two), second_id=max(one, two), is_together=False, created_at=A_DAY
    )
    assert stories_like(half) == []


def test_large_stories_cost_as_many_queries_as_small_ones():
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            strangers_in(story)
            stories_like(story)
        return len(asked)

    story, other = make_whole(*reports("dam")[:2]), make_whole(reports("dam")[2])
    few = queries()
    for whole in (story, other):
        for number in range(45):
            text = reports("dam")[0]
            text |= {"title": f"{text['title']}, {number}", "story": whole, "is_lead": False}
            make_article(**text)
    refresh([story.pk, other.pk])
    story.refresh_from_db()
    assert Article.objects.count() > 90
    assert queries() == few <= 7
