"""The queue: what waits for a decision, found and decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.states import State
from articles.stories import refresh
from tests.factories import make_article, make_provider, make_story, make_topic

from .conftest import LIST, fields_of, form_page

pytestmark = pytest.mark.django_db


def fresh(**changes):
    return make_article(arrived_at=timezone.now(), **changes)


def listed(client: Client, **asked: str) -> list[Any]:
    return list(client.get(LIST, asked).context["cl"].result_list)


def test_the_queue_shows_what_awaits_a_decision(editor: Client):
    waiting = [fresh(), fresh(state=State.IN_REVIEW)]
    now = timezone.now()
    fresh(state=State.SPIKED)
    fresh(state=State.PUBLISHED, go_live_at=now)
    old = make_article(arrived_at=now - timedelta(days=15))
    assert {a.pk for a in listed(editor)} == {a.pk for a in waiting}
    assert [a.pk for a in listed(editor, shelf="backlog")] == [old.pk]


def test_coverage_is_met_inside_its_story_not_in_the_queue(editor: Client):
    lead, _ = make_story({"arrived_at": timezone.now()}, {"arrived_at": timezone.now()})
    assert [a.pk for a in listed(editor)] == [lead.pk]


def test_what_the_machine_would_publish_comes_first_then_heat_then_the_newest(editor: Client):
    now = timezone.now()
    hot = fresh(quality=69, heat=69)
    above = fresh(quality=70, heat=70)
    # An editor made it a lead: its file says that it is none.
    covered, _ = make_story(
        {"arrived_at": now, "quality": 72, "heat": -1}, {"arrived_at": now, "heat": -1}
    )
    refresh({covered.story_id, above.story_id, hot.story_id})
    older = fresh(quality=10, heat=10, published_at=now - timedelta(hours=2))
    newer = fresh(quality=10, heat=10, published_at=now - timedelta(hours=1))
    assert [a.pk for a in listed(editor)] == [a.pk for a in (covered, above, hot, newer, older)]


def test_stories_without_lead_stand_first_in_the_queue(editor: Client):
    fresh()
    gone: dict[str, Any] = {
        "state": State.UNPUBLISHED,
        "first_published_at": timezone.now(),
    }
    lost, _ = make_story(gone, {})
    make_article(**gone)

    def above(**asked: str) -> list[str]:
        panel = editor.get(LIST, asked).context["leaderless"]
        return [line.article.slug for line in panel.lines] if panel else []

    assert above() == above(p="1") == [lost.slug]
    page = editor.get(LIST).content.decode()
    assert page.index(lost.title) < page.index("result_list")
    assert above(shelf="live") == above(p="2") == above(q="words") == []


def test_a_pasted_link_finds_its_article_wherever_it_lies(editor: Client):
    link = "https://tide.example/story?id=7"
    spiked = make_article(web_url=link, state=State.SPIKED)
    make_article()
    for pasted in (link, f" {link}&utm_source=mail#top", link.replace("https", "http")):
        assert [a.pk for a in listed(editor, q=pasted)] == [spiked.pk]


def test_a_pasted_original_link_finds_its_article(editor: Client):
    link = "https://old.tide.example/story"
    article = make_article(original_url=link)
    assert [a.pk for a in listed(editor, q=link)] == [article.pk]


def test_words_and_domains_find_articles(editor: Client):
    wanted = make_article(title="Seal rides ferry", provider=make_provider(domain="tide.example"))
    make_article()
    for words in ("seal ferry", "tide.example"):
        assert [a.pk for a in listed(editor, q=words)] == [wanted.pk]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"topic": "sea"}, ["wanted"]),
        ({"topic": "-"}, ["bare"]),
        ({"quality_from": "60", "quality_to": "60"}, ["wanted"]),
        ({"provider": "tide"}, ["wanted"]),
        ({"from": "2024-06-01", "until": "2024-06-01"}, ["wanted"]),
        ({"state": "in_review"}, ["wanted"]),
        ({"coverage": "yes"}, []),
        ({"quality_from": "9" * 30}, []),
        ({"from": "2024-13-01", "quality_to": "many"}, ["bare", "wanted"]),
        ({"until": "9999-12-31"}, ["bare", "wanted"]),
    ],
)
def test_filters_narrow_the_list(editor: Client, asked: dict[str, str], expected: list[str]):
    fresh(
        slug="wanted",
        quality=60,
        state=State.IN_REVIEW,
        topics=[make_topic(slug="sea")],
        provider=make_provider(domain="tide.example"),
        published_at=datetime(2024, 6, 1, 23, 59, tzinfo=timezone.get_default_timezone()),
    )
    fresh(slug="bare", quality=10, topics=[], published_at=timezone.now())
    assert sorted(a.slug for a in listed(editor, **asked)) == expected


def test_filters_survive_opening_and_deciding(publisher: Client):
    fresh(quality=80)
    row = listed(publisher, quality_from="60")[0]
    data = fields_of(publisher.get(row.desk_page))
    answer = publisher.post(row.desk_page, data | {"_act": "spike"})
    assert answer["Location"] == f"{LIST}?quality_from=60"


def count_queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_the_list_asks_as_many_queries_for_fifty_articles_as_for_one(editor: Client):
    make_story({"state": State.UNPUBLISHED, "first_published_at": timezone.now()}, {})
    make_story({"arrived_at": timezone.now()}, {})
    editor.get(LIST)
    one = count_queries(editor, LIST)
    for _ in range(49):
        make_story({"arrived_at": timezone.now(), "assignee_id": None}, {})
    assert len(listed(editor)) == 50
    assert count_queries(editor, LIST) == one <= 20


def test_the_form_asks_as_many_queries_for_thirty_members_as_for_one(editor: Client):
    lead = fresh()
    editor.get(form_page(lead))
    alone = count_queries(editor, form_page(lead))
    for _ in range(30):
        make_article(story=lead.story, is_lead=False, heat=-1)
    assert count_queries(editor, form_page(lead)) == alone <= 20
