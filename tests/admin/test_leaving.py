"""Withdrawing and hiding, to the end: every place is named, and what is said of it is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk.hiding import hide
from articles.desk.sharing import share
from articles.models import Article, Claim, RelatedItem, Story, Transition
from articles.states import State
from articles.stories import refresh
from articles.workflow import transition
from tests.factories import make_user
from tests.public.conftest import publish, publish_story, relate

from .conftest import fields_of

pytestmark = pytest.mark.django_db

HIDE = "/admin/articles/article/hide/"


def standings(client: Client, article: Article) -> dict[str, str]:
    page = reverse("admin:articles_article_withdrawal", args=[article.pk])
    answer = client.get(page)
    assert answer.status_code == 200
    return {place.name: place.standing for place in answer.context["places"]}


def withdraw(article: Article, **data: Any) -> None:
    article.refresh_from_db()
    boss = make_user("managing editor")
    transition(article, "withdraw", boss, expected_version=article.version, comment="wrong", **data)
    article.refresh_from_db()


def test_the_checklist_is_true_before_and_after_a_withdrawal(editor: Client, client: Client):
    article = publish()
    now = timezone.now()
    share(article, make_user("editor"), revision=None, lifetime=timedelta(days=1), now=now)
    before = standings(editor, article)
    for place in ("Page", "Feeds", "Search", "API", "Share links", "CDN and caches"):
        assert before[place] == "left"
    withdraw(article)
    after = standings(editor, article)
    for place in ("Page", "Feeds", "Sitemaps", "Search", "API", "Share links", "Local pictures"):
        assert after[place] == "done"
    assert after["Git history"] == "out of reach"
    assert client.get(f"/news/{article.slug}/").status_code == 410
    assert article.title not in client.get("/feed.rss").content.decode()
    Transition.objects.filter(action="withdraw").update(at=now - timedelta(minutes=2))
    assert standings(editor, article)["CDN and caches"] == "done"


def test_a_story_that_goes_on_is_named(editor: Client):
    lead, other = publish_story({}, {"title": "Told on"})
    withdraw(lead, successor=other)
    page = reverse("admin:articles_article_withdrawal", args=[lead.pk])
    [place] = [one for one in editor.get(page).context["places"] if one.name == "Page"]
    assert (place.standing, "Told on" in place.says) == ("done", True)


def test_the_checklist_comes_after_the_withdrawal(sign_in: Callable[[str], Client]):
    article = publish()
    client = sign_in("managing editor")
    page = reverse("admin:articles_article_change", args=[article.pk])
    answer = client.get(page)
    sent = fields_of(answer) | {
        "_act": "withdraw",
        "_comment-withdraw": "wrong",
        "_confirm-withdraw": "withdraw",
    }
    answer = client.post(page, sent)
    article.refresh_from_db()
    assert article.state == State.WITHDRAWN
    assert answer["Location"] == reverse("admin:articles_article_withdrawal", args=[article.pk])


def test_a_hidden_related_item_leaves_readers_and_comes_back(
    sign_in: Callable[[str], Client], client: Client
):
    article = publish()
    relate(article, title="Told elsewhere")
    item = RelatedItem.objects.get()
    boss = sign_in("managing editor")
    page = f"/news/{article.slug}/"
    assert "Told elsewhere" in client.get(page).content.decode()
    sent = {"act": f"hide:{item.pk}", "comment": "a mistake"}
    answer = boss.post(HIDE, sent, follow=True)
    for address in (page, "/", "/feed.rss", "/api/news/index.json"):
        assert "Told elsewhere" not in client.get(address, follow=True).content.decode()
    [(_, places)] = answer.context["found"]
    assert {place.name: place.standing for place in places}["Pages"] == "done"
    act = Transition.objects.get(action="hide")
    assert (act.article_id, act.comment) == (article.pk, f"{item.link}: a mistake")
    boss.post(HIDE, sent | {"act": f"show:{item.pk}"})
    assert "Told elsewhere" in client.get(page).content.decode()


def elsewhere(number: int, *articles: Article) -> RelatedItem:
    """A related item that the files of all these articles claim."""
    numbers = {"identity": number, "title_hash": number}
    Claim.objects.bulk_create(Claim(article=article, **numbers) for article in articles)
    link, printed_by = f"https://tide.example/{number}", articles[0].slug
    item = RelatedItem.objects.create(title="Told", link=link, printed_by=printed_by, **numbers)
    refresh({article.story_id for article in articles})
    return item


def test_a_hidden_related_item_scores_as_files_have_it_and_is_no_coverage(
    sign_in: Callable[[str], Client],
):
    article = publish()
    first, second = elsewhere(-1, article), elsewhere(-2, article)
    heat = Story.objects.get().heat
    boss = sign_in("managing editor")

    def counts() -> tuple[int, int, int]:
        story = Story.objects.get()
        covered = boss.get("/admin/articles/article/", {"shelf": "all", "coverage": "yes"})
        return story.heat, story.coverage_count, len(covered.context["cl"].result_list)

    assert counts() == (heat, 2, 1)
    boss.post(HIDE, {"act": f"hide:{first.pk}", "comment": "a mistake"})
    assert counts() == (heat, 1, 1)
    boss.post(HIDE, {"act": f"hide:{second.pk}", "comment": "a mistake"})
    assert counts() == (heat, 0, 0)
    boss.post(HIDE, {"act": f"show:{first.pk}", "comment": "right after all"})
    assert counts() == (heat, 1, 1)
    refresh({article.story_id})
    assert counts() == (heat, 1, 1)


def test_hiding_asks_the_database_the_same_for_one_file_and_for_many():
    one, many = elsewhere(-1, publish()), elsewhere(-2, *(publish() for _ in range(6)))
    asked = []
    for item in (one, many):
        boss = make_user("managing editor")
        with CaptureQueriesContext(connection) as queries:
            hide(item, boss, timezone.now(), comment="a mistake")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_hiding_needs_the_right_and_a_reason(sign_in: Callable[[str], Client]):
    relate(publish(), title="Told elsewhere")
    item = RelatedItem.objects.get()
    for role in ("publisher", "auditor"):
        sent = {"act": f"hide:{item.pk}", "comment": "because"}
        assert sign_in(role).post(HIDE, sent).status_code == 403
    boss = sign_in("managing editor")
    boss.post(HIDE, {"act": f"hide:{item.pk}", "comment": " "})
    assert boss.post(HIDE, {"act": "erase:1", "comment": "x"}).status_code == 404
    item.refresh_from_db()
    assert item.hidden_at is None
    assert not Transition.objects.exists()


def test_coverage_is_found_by_its_link_however_it_is_pasted(editor: Client):
    relate(publish(), title="Told elsewhere", domain="tide.example")
    for link in ("https://tide.example/a", "http://tide.example/a/?utm_source=mail"):
        found = editor.get(HIDE, {"link": link}).context["found"]
        assert [item.title for item, _ in found] == ["Told elsewhere"]
    assert editor.get(HIDE, {"link": "javascript:alert(1)"}).context["found"] == []
