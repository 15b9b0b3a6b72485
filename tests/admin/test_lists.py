"""The article list: columns, filters, search and pages, however large it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin import finding, results
from articles.models import Article, Revision, Run, Story
from articles.states import State
from articles.stories import refresh
from tests.factories import make_article, make_provider, make_story, make_topic

from .conftest import LIST

pytestmark = pytest.mark.django_db


def fresh(**changes: Any) -> Article:
    return make_article(**({"arrived_at": timezone.now()} | changes))


def page_of(client: Client, **asked: Any) -> Any:
    return client.get(LIST, asked).context["cl"]


def slugs(client: Client, **asked: Any) -> list[str]:
    return sorted(article.slug for article in page_of(client, **asked).result_list)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.readonly.NoDelete.list_per_page", 2)
    monkeypatch.setattr(results, "COUNTED", 3)


def many(number: int) -> list[Article]:
    """Articles of one provider, the newest first."""
    provider, now = make_provider(), timezone.now()
    return [fresh(provider=provider, published_at=now - timedelta(hours=n)) for n in range(number)]


def test_pages_follow_one_another_and_nothing_is_counted_to_the_end(
    editor: Client, small_pages: None
):
    articles = many(5)
    pages = [page_of(editor, shelf="all", p=str(number)) for number in (1, 2, 3)]
    assert [a.pk for page in pages for a in page.result_list] == [a.pk for a in articles]
    assert [str(page.counted) for page in pages] == ["3+", "3+", "5"]
    assert [page.has_next for page in pages] == [True, True, False]


def test_a_page_that_is_gone_answers_with_the_end_of_the_list_filters_kept(
    editor: Client, small_pages: None
):
    many(3)
    page = page_of(editor, shelf="all", quality_from="10", p="9")
    assert (page.page_num, len(page.result_list)) == (2, 1)
    assert "quality_from=10" in page.previous_link


@pytest.mark.parametrize("p", ["0", "-3", "x", "9" * 30])
def test_a_page_that_cannot_be_is_answered(editor: Client, p: str):
    fresh()
    assert len(page_of(editor, p=p).result_list) == 1


def odd(slug: str, **changes: Any) -> Article:
    """An article that one filter finds, beside a plain one."""
    fresh(slug="plain", images=[{"url": "https://a.example/x.png"}])
    return fresh(slug=slug, **changes)


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        ({"image": "no"}, {"images": []}),
        ({"image": "no"}, {"images": None}),
        ({"awaits": "seal"}, {"is_seal_stale": True}),
        ({"awaits": "removal"}, {"removed_upstream_at": timezone.now()}),
    ],
)
def test_each_filter_finds_what_it_names(
    editor: Client, asked: dict[str, str], changes: dict[str, Any]
):
    odd("found", **({"images": [{"url": "https://a.example/y.png"}]} | changes))
    assert slugs(editor, shelf="all", **asked) == ["found"]


def test_the_heat_of_a_list_is_that_of_the_story_and_stands_on_its_lead(editor: Client):
    lead, _ = make_story({"slug": "found", "heat": -1}, {"heat": 80})
    Story.objects.filter(pk=lead.story_id).update(heat=80)
    fresh(slug="plain", heat=80)
    page = page_of(editor, shelf="all", heat_from="70", heat_to="90")
    assert [row.slug for row in page.result_list] == ["found"]
    assert page.model_admin.heat_shown(page.result_list[0]) == "80"


def test_mine_nobody_s_and_others_claims_are_told_apart(editor: Client, publisher: Client):
    me, other = (User.objects.get(pk=c.session["_auth_user_id"]) for c in (editor, publisher))
    fresh(slug="mine", state=State.IN_REVIEW, assignee=me)
    fresh(slug="others", state=State.IN_REVIEW, assignee=other)
    fresh(slug="nobody")
    assert slugs(editor, claim="mine") == ["mine"]
    assert slugs(editor, claim="nobody") == ["nobody"]
    assert slugs(editor, claim="others") == ["others"]


def test_the_same_link_in_another_story_is_a_possible_duplicate(editor: Client):
    link = "https://tide.example/once"
    make_story({"slug": "one", "web_url": link}, {"slug": "coverage", "web_url": link})
    assert slugs(editor, shelf="all", awaits="duplicate") == []
    fresh(slug="two", web_url=link)
    assert slugs(editor, shelf="all", awaits="duplicate") == ["coverage", "one", "two"]


def test_an_import_s_articles_are_found_by_its_number(editor: Client):
    run = Run.objects.create(kind="import", started_at=timezone.now())
    odd("found", run=run)
    assert slugs(editor, run=str(run.pk)) == ["found"]


def test_live_stories_that_grew_and_pending_drafts_and_waiting_ones_are_found(editor: Client):
    now = timezone.now()
    grown, _ = make_story({"slug": "grown", "state": State.PUBLISHED, "go_live_at": now}, {})
    refresh({grown.story_id})
    Story.objects.filter(pk=grown.story_id).update(looked_at_count=1)
    drafted = odd("drafted", state=State.PUBLISHED, go_live_at=now)
    draft = Revision.objects.create(article=drafted, data=b"", created_at=now)
    Article.objects.filter(pk=drafted.pk).update(draft=draft)
    fresh(slug="waits", state=State.PUBLISHED, go_live_at=now + timedelta(hours=3))
    for awaits, slug in (("look", "grown"), ("draft", "drafted"), ("window", "waits")):
        assert slugs(editor, shelf="all", awaits=awaits) == [slug]
    assert "draft pending" in editor.get(LIST, {"shelf": "all"}).content.decode()


def test_what_was_put_aside_lies_in_the_backlog(editor: Client):
    fresh(slug="aside", is_backlog=True)
    fresh(slug="waiting")
    assert slugs(editor) == ["waiting"]
    assert slugs(editor, shelf="backlog") == ["aside"]


def test_every_word_is_looked_for_in_title_excerpt_and_link(editor: Client):
    fresh(slug="found", title="Über die Gezeiten", excerpt="Seals ride along")
    fresh(slug="other", title="Seals elsewhere")
    for words in ("seals gezeiten", "über", "ÜBER seals"):
        assert slugs(editor, q=words) == ["found"]
    assert slugs(editor, q="seals nowhere") == []


def test_words_are_looked_for_in_the_newest_of_the_filtered_list(
    editor: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "WINDOW", 1)
    now = timezone.now()
    old = fresh(title="Seal", published_at=now - timedelta(days=9))
    fresh(title="Seal", published_at=now, slug="newest")
    assert slugs(editor, q="seal") == ["newest"]
    until = (now - timedelta(days=5)).date().isoformat()
    assert slugs(editor, q="seal", until=until) == [old.slug]


@pytest.mark.parametrize("asked", [{"q": "seal"}, {"topic": "tides"}, {"claim": "nobody"}])
def test_what_narrows_an_empty_queue_finds_nothing(editor: Client, asked: dict[str, str]):
    fresh(title="Seal", is_backlog=True, topics=[make_topic(slug="tides")])
    assert slugs(editor, shelf="queue", **asked) == []
    assert len(slugs(editor, shelf="backlog", **asked)) == 1


@pytest.mark.parametrize("asked", [{}, {"shelf": "all"}, {"q": "seal"}, {"image": "no"}])
def test_what_has_no_heat_and_no_time_comes_last_on_every_database(
    editor: Client, asked: dict[str, str]
):
    now = timezone.now()
    bare = fresh(title="Seal", heat=None, published_at=None)
    older = fresh(title="Seal", heat=10, published_at=now - timedelta(hours=1))
    newer = fresh(title="Seal", heat=10, published_at=now)
    assert [a.pk for a in page_of(editor, **asked).result_list] == [newer.pk, older.pk, bare.pk]


def test_a_domain_finds_all_of_a_provider_however_old(
    editor: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "WINDOW", 0)
    fresh(slug="found", provider=make_provider(domain="tide.example"))
    assert slugs(editor, q="www.tide.example") == ["found"]


def test_providers_are_offered_while_one_types(editor: Client):
    for domain in ("tide.example", "ebb.tide.example", "other.example"):
        make_provider(domain=domain, name=domain.title())
    found = editor.get(f"{LIST}providers/", {"q": "tide"}).json()["providers"]
    assert [provider["domain"] for provider in found] == ["tide.example", "ebb.tide.example"]
    assert editor.get(f"{LIST}providers/").json() == {"providers": []}


def test_filters_survive_paging_sorting_searching_and_opening(editor: Client, small_pages: None):
    many(5)
    asked = {"shelf": "all", "quality_from": "10", "o": "5", "p": "2"}
    answer = editor.get(LIST, asked)
    page = answer.context["cl"]
    for link in (page.next_link, page.previous_link, page.result_list[0].desk_page):
        assert "quality_from" in link
        assert "shelf" in link
    text = answer.content.decode()
    assert '<input type="hidden" name="shelf" value="all">' in text
    assert '<input type="hidden" name="o" value="5">' in text
    assert 'name="quality_from" value="10"' in " ".join(text.split())


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "\0 x"},
        {"provider": "\0"},
        {"topic": "'; --\0"},
        {"state": "\0"},
        {"awaits": "nonsense"},
        {"run": "nine"},
        {"o": "99.-x"},
        {"q": "http://[broken"},
        {"heat_from": "1e9"},
    ],
)
def test_nothing_typed_into_an_address_breaks_the_list(editor: Client, asked: dict[str, str]):
    fresh()
    assert editor.get(LIST, asked).status_code == 200


def test_late_pages_and_filters_ask_no_more_queries(editor: Client, small_pages: None):
    many(9)

    def queries(**asked: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(LIST, asked)
        return len(captured)

    editor.get(LIST)
    # Above the first page of the queue stand stories without lead.
    assert queries(p="4") == queries(p="2") <= queries() <= 20
    assert queries(q="article", provider="provider", topic="-", image="no", claim="mine") <= 20
