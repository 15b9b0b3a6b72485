"""What the desk tells of an act: before it, beside its refusal, and afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from articles.admin.queue import EMPTY, SHELVES
from articles.models import Article
from articles.states import State
from articles.workflow import transition
from tests.factories import make_article, make_provider, make_story, make_user

from .conftest import fields_of, form_page

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def press(client: Client, article: Article, act: str, follow: bool = False, **said: str):
    data = fields_of(client.get(form_page(article)))
    name = act.partition(":")[0]
    said = {f"_{what}-{name}": value for what, value in said.items()}
    answer = client.post(form_page(article), data | said | {"_act": act}, follow=follow)
    article.refresh_from_db()
    return answer


def test_the_window_of_a_publication_is_told_with_its_zone(publisher: Client, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    article = make_article()
    answer = press(
        publisher,
        article,
        "publish:planned",
        follow=True,
        go_live_at="2999-07-01T09:00",
        expire_at="2999-07-02T09:00",
    )
    told = answer.content.decode()
    assert f"Scheduled: {article.title} (goes live" in told
    assert "1 Jul 2999, 09:00 CEST" in told
    page = publisher.get(form_page(article)).content.decode()
    for said in ("scheduled", "goes live", "1 Jul 2999, 09:00 CEST", "2 Jul 2999, 09:00 CEST"):
        assert said in page
    listed = publisher.get("/admin/articles/article/?shelf=live").content.decode()
    assert 'title="1 Jul 2999, 09:00 CEST"' in listed


def test_a_refusal_stands_in_the_panel_that_asked(publisher: Client):
    article = make_article()
    late, early = "2999-07-02T09:00", "2999-07-01T09:00"
    answer = press(publisher, article, "publish:planned", go_live_at=late, expire_at=early)
    page = answer.content.decode()
    assert '<p class="form-wrong" role="alert">It should expire later' in page


def test_of_a_lead_that_left_its_story_the_act_itself_is_taken_back(editor: Client):
    lead, _ = make_story({}, {})
    press(editor, lead, "spike")
    page = editor.get(form_page(lead))
    assert "Your last act here: spiked" in page.content.decode()
    act = {"_undo": str(page.context["undo"].act.pk)}
    answer = editor.post(form_page(lead).replace("change", "undo"), act, follow=True)
    lead.refresh_from_db()
    assert (lead.state, lead.is_lead) == (State.NEW, True)
    assert "Taken back, as if never spiked." in answer.content.decode()


def test_the_next_article_of_a_story_is_named_before_its_lead_is_spiked(editor: Client):
    lead, _ = make_story({"arrived_at": timezone.now()}, {})
    lead.story.member_count = 2
    lead.story.save()
    bar = editor.get(form_page(lead)).context["bar"]
    said = "Its story goes on under the next article that is left."
    assert {act.opens: act.effects for act in bar.acts}["Spike as…"] == [said]
    alone = editor.get(form_page(make_article())).context["bar"]
    assert {act.opens: act.effects for act in alone.acts}["Spike as…"] == []


def test_a_bulk_is_assigned_to_those_who_may_review(editor: Client):
    make_user("contributor", username="cleo")
    article = make_article()
    sent = {"action": "more", "more": "assign", "_selected_action": article.pk, "index": 0}
    page = editor.post(f"{LIST}?shelf=all", sent).content.decode()
    assert "Person:" in page
    assert "cleo" not in page


def test_an_undone_bulk_counts_what_was_chosen(editor: Client):
    leads = [make_story({}, {})[0] for _ in range(2)]
    sent = {"kind": "spike", "chosen": " ".join(f"{lead.pk}:1" for lead in leads)}
    outcome = editor.post(f"{LIST}bulk/", sent, follow=True).context["outcome"]
    assert outcome["number"] == 2
    undone = editor.post(f"{LIST}bulk/undo/", {"batch": outcome["batch"]}, follow=True)
    assert undone.context["outcome"]["number"] == 2


def test_acts_of_one_bulk_are_told_as_one_on_the_first_page(editor: Client):
    actor = make_user("editor", first_name="Ana")
    for _ in range(3):
        transition(make_article(), "spike", actor, expected_version=1, batch="b")
    transition(make_article(), "claim", actor, expected_version=1)
    recent = editor.get("/admin/").context["recent"]
    assert [(one.done, one.by, one.more) for one in recent] == [
        ("claimed", "Ana", 0),
        ("spiked", "Ana", 2),
    ]


def test_the_workflow_is_found_from_the_first_page(editor: Client):
    assert f"{LIST}workflow/" in editor.get("/admin/").content.decode()


@pytest.mark.parametrize("shelf", SHELVES)
def test_an_empty_shelf_says_what_that_means(editor: Client, shelf: str):
    assert EMPTY[shelf] in editor.get(LIST, {"shelf": shelf}).content.decode()
    narrowed = editor.get(LIST, {"shelf": shelf, "q": "nowhere"}).content.decode()
    assert "No article here matches." in narrowed
    assert ("Look on all shelves" in narrowed) is (shelf != "all")


def test_filters_in_use_are_in_sight(editor: Client):
    assert not editor.get(LIST, {"shelf": "all", "topic": "-"}).context["cl"].has_rare_filters
    assert editor.get(LIST, {"shelf": "all", "heat_from": "9"}).context["cl"].has_rare_filters


def test_a_provider_stands_beside_its_logo(editor: Client):
    make_article(provider=make_provider(logo="c0ffee" * 10 + "cafe"))
    make_article()
    text = editor.get(LIST, {"shelf": "all"}).content.decode()
    shown = re.findall(r'<img class="desk-mark" src="[^"]*c0ffee[^"]*"', text)
    assert len(shown) == 1
    assert text.count('<span class="desk-mark desk-mark-') == 1


def test_who_decides_nothing_is_shown_no_place_for_it(
    editor: Client, sign_in: Callable[[str], Client]
):
    make_article()
    assert "column-decide" in editor.get(LIST, {"shelf": "all"}).content.decode()
    seen = sign_in("auditor").get(LIST, {"shelf": "all"}).content.decode()
    assert "column-decide" not in seen
    assert "Original" in seen
