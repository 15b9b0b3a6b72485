"""Triage: one article at a time, and no decision or place is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Person, Transition
from articles.states import State
from tests.factories import A_DAY, make_article, make_story, make_topic, make_user
from tests.public.conftest import relate

pytestmark = pytest.mark.django_db

TRIAGE = "/admin/articles/article/triage/"


def waiting(**changes: Any) -> Article:
    return make_article(arrived_at=timezone.now(), **changes)


def three() -> list[Article]:
    """Three articles in the order of the queue."""
    return [waiting(quality=score, title=f"Harbour report {score}") for score in (90, 60, 30)]


def shown(client: Client, page: str = TRIAGE) -> Any:
    answer = client.get(page, follow=True)
    assert answer.status_code == 200
    return answer.context


def press(client: Client, act: str, page: str = TRIAGE, **more: Any) -> Any:
    """Press a button of the page as a browser without JavaScript would."""
    context = shown(client, page)
    article = context["article"]
    sent = {"article": article.pk, "version": article.version, "then": context["then"], "act": act}
    return client.post(context["here"], sent | more, follow=True)


def send(client: Client, act: str, article: Article, **more: Any) -> Any:
    """The same for an article that is not the first of the queue."""
    sent = {"article": article.pk, "version": article.version, "act": act}
    return client.post(TRIAGE, sent | more, follow=True)


def at(page: str) -> int:
    return int(parse_qs(urlsplit(page).query)["at"][0])


def test_the_queue_is_walked_in_its_order_and_back(editor: Client):
    first, second, third = three()
    context = shown(editor)
    assert (context["article"].pk, context["left"], context["previous"]) == (first.pk, "3", "")
    context = shown(editor, context["next"])
    assert (context["article"].pk, context["position"]) == (second.pk, 2)
    assert at(context["previous"]) == first.pk
    context = shown(editor, context["next"])
    assert (context["article"].pk, context["next"]) == (third.pk, "")


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("approve", State.APPROVED),
        ("publish", State.PUBLISHED),
        ("spike", State.SPIKED),
    ],
)
def test_an_act_decides_and_the_next_article_comes(publisher: Client, act: str, state: State):
    first, second, _ = three()
    answer = press(publisher, act, comment="seen")
    first.refresh_from_db()
    assert first.state == state
    assert Transition.objects.get().comment == "seen"
    assert answer.context["article"].pk == second.pk
    assert first.title in answer.content.decode()
    assert answer.context["left"] == "2"


def test_claiming_and_rating_stay_with_the_article(editor: Client):
    first, *_ = three()
    press(editor, "claim")
    answer = press(editor, "quality:7")
    first.refresh_from_db()
    assert (first.state, first.quality) == (State.IN_REVIEW, 70)
    assert answer.context["article"].pk == first.pk


def test_an_article_is_put_into_the_story_of_a_candidate(editor: Client):
    lead, _ = make_story(
        {"title": "Ferry strikes pier at Calder Reach", "published_at": A_DAY}, {"quality": 10}
    )
    article = waiting(title="Ferry hits the pier at Calder Reach", published_at=A_DAY)
    context = shown(editor)
    [suggested] = [one for one, _ in context["suggestions"] if one.lead.pk == lead.pk]
    press(editor, f"attach:{suggested.lead.pk}")
    article.refresh_from_db()
    assert (article.story_id, article.is_lead) == (lead.story_id, False)


def test_nothing_joins_a_story_on_a_version_that_has_passed(editor: Client):
    lead, article = make_article(), waiting()
    Article.objects.filter(pk=article.pk).update(version=2)
    sent = {"article": article.pk, "version": 1, "act": f"attach:{lead.pk}"}
    answer = editor.post(TRIAGE, sent, headers={"accept": "application/json"}).json()
    article.refresh_from_db()
    assert (answer["isDone"], article.is_lead) == (False, True)


def test_the_last_act_is_undone_and_its_article_comes_back(editor: Client):
    first, *_ = three()
    context = press(editor, "spike").context
    assert context["last"].article_id == first.pk
    sent = {"article": first.pk, "act": f"undo:{context['last'].pk}"}
    answer = editor.post(context["here"], sent, follow=True)
    first.refresh_from_db()
    assert first.state == State.NEW
    assert (answer.context["article"].pk, answer.context["left"]) == (first.pk, "3")
    again = editor.post(context["here"], sent, headers={"accept": "application/json"}).json()
    assert again["isDone"]
    assert Transition.objects.count() == 2


def test_nobody_undoes_what_somebody_else_did(sign_in: Callable[[str], Client]):
    first, *_ = three()
    press(sign_in("editor"), "spike")
    sent = {"article": first.pk, "act": f"undo:{Transition.objects.get().pk}"}
    sign_in("publisher").post(TRIAGE, sent)
    first.refresh_from_db()
    assert first.state == State.SPIKED


def test_the_reason_of_a_spike_is_kept_and_offered_again(editor: Client):
    three()
    context = press(editor, "spike", reason="press_release").context
    act = Transition.objects.get()
    assert act.reason == "press_release"
    assert context["reason"] == "press_release"
    press(editor, "spike", reason="nonsense")
    assert Transition.objects.latest("pk").reason == "press_release"


def test_skipped_articles_wait_and_come_again_at_the_end(editor: Client):
    first, second, third = three()
    last = shown(editor, shown(editor, shown(editor)["next"])["next"])
    assert last["article"].pk == third.pk
    answer = press(editor, "spike", last["here"])
    assert answer.context["article"].pk == first.pk
    press(editor, "spike")
    answer = press(editor, "spike")
    assert "Nothing waits here" in answer.content.decode()
    second.refresh_from_db()
    assert second.state == State.SPIKED


def test_the_address_keeps_the_place_when_others_decide(editor: Client):
    first, second, third = three()
    place = shown(editor, shown(editor)["next"])["here"]
    Article.objects.filter(pk__in=[first.pk]).update(state=State.SPIKED)
    assert shown(editor, place)["article"].pk == second.pk
    Article.objects.filter(pk=second.pk).update(state=State.SPIKED)
    context = shown(editor, place)
    assert context["article"].pk == second.pk
    Article.objects.filter(pk=first.pk).update(state=State.NEW)
    assert at(shown(editor, place)["next"]) == third.pk


def test_a_repeated_press_is_answered_as_done_and_decides_once(editor: Client):
    first, *_ = three()
    sent = {"article": first.pk, "version": 1, "act": "spike"}
    answers = [
        editor.post(TRIAGE, sent, headers={"accept": "application/json"}).json() for _ in range(3)
    ]
    assert [answer["isDone"] for answer in answers] == [True] * 3
    assert Transition.objects.count() == 1


def test_what_somebody_else_decided_is_never_decided_again(sign_in: Callable[[str], Client]):
    first, *_ = three()
    ana, ben = sign_in("editor"), sign_in("editor")
    sent = {"article": first.pk, "version": 1, "act": "spike"}
    ana.post(TRIAGE, sent)
    answer = ben.post(TRIAGE, sent, headers={"accept": "application/json"}).json()
    assert not answer["isDone"]
    assert "Already spiked by" in answer["says"]
    assert at(answer["page"]) == first.pk
    assert Transition.objects.count() == 1


def test_a_press_after_the_session_ended_is_asked_again(editor: Client):
    first, *_ = three()
    place = shown(editor)["here"]
    editor.logout()
    sent = {"article": first.pk, "version": 1, "act": "spike", "comment": "press release"}
    answer = editor.post(place, sent, headers={"accept": "application/json"})
    assert answer.status_code == 401
    login = editor.post(place, sent)["Location"]
    back = parse_qs(urlsplit(login).query)["next"][0]
    editor.force_login(make_user("editor"))
    context = shown(editor, back)
    assert (context["article"].pk, context["asked"]) == (first.pk, "spike")
    assert context["typed_comment"] == "press release"
    first.refresh_from_db()
    assert first.state == State.NEW


def test_filters_of_a_list_are_walked_as_they_are(editor: Client):
    sea = make_topic(slug="sea")
    waiting(quality=90)
    wanted = waiting(quality=10, topics=[sea])
    other = waiting(quality=5, topics=[sea])
    answer = press(editor, "spike", f"{TRIAGE}?topic=sea&shelf=queue")
    assert answer.context["article"].pk == other.pk
    assert "topic=sea" in answer.context["here"]
    wanted.refresh_from_db()
    assert wanted.state == State.SPIKED
    assert "topic=sea" in shown(editor, f"{TRIAGE}?topic=sea")["list"]


def test_a_piece_that_comes_back_is_remembered(editor: Client):
    link = "https://tide.example/release"
    old = make_article(web_url=link)
    ana = make_user("editor", first_name="Ana")
    client = Client()
    client.force_login(ana)
    client.post(
        TRIAGE, {"article": old.pk, "version": 1, "act": "spike", "comment": "press release"}
    )
    waiting(web_url=link)
    context = shown(editor)
    assert "Spiked by Ana on" in context["memories"][0].says
    assert context["memories"][0].says.endswith(": press release")
    assert [one.is_same_piece for one, _ in context["suggestions"]] == [True]


def test_a_piece_that_comes_back_at_another_address_is_remembered(editor: Client):
    headline: dict[str, Any] = {
        "title": "Tide release on the new pier lights",
        "published_at": A_DAY,
    }
    old = make_article(web_url="https://tide.example/release?utm_source=a", **headline)
    send(editor, "spike", old, reason="press_release")
    waiting(web_url="https://m.tide.example/release", **headline)
    assert shown(editor)["memories"][0].says.endswith(": press release")
    waiting(web_url="https://elsewhere.example/1", quality=69, **headline)
    context = shown(editor)
    assert context["article"].web_url == "https://elsewhere.example/1"
    assert context["memories"][0].says.endswith(": press release")
    assert context["suggestions"][0][0].why.startswith("wire copy")


def test_a_story_that_is_merely_alike_lends_it_no_memory(editor: Client):
    old = make_article(title="Ferry strikes pier at Calder Reach", published_at=A_DAY)
    send(editor, "spike", old, reason="press_release")
    waiting(title="Calder Reach pier struck by ferry", published_at=A_DAY)
    context = shown(editor)
    assert [one.lead for one, _ in context["suggestions"]] == [old]
    assert context["memories"] == []


def test_a_duplicate_is_spiked_as_one_by_one_press(editor: Client):
    make_article(title="Tide release", web_url="https://tide.example/release")
    again = waiting(web_url="https://tide.example/release?utm_source=b")
    page = editor.get(TRIAGE, follow=True).content.decode()
    assert "The same piece" in page
    assert 'value="spike:duplicate"' in page
    send(editor, "spike:duplicate", again)
    again.refresh_from_db()
    assert again.state == State.SPIKED
    assert again.transitions.get(action="spike").reason == "duplicate"


def test_guards_say_why_publishing_is_refused(publisher: Client):
    bare = waiting(topics=[])
    assert "It needs at least one topic." in publisher.get(TRIAGE, follow=True).content.decode()
    answer = press(publisher, "publish")
    bare.refresh_from_db()
    assert bare.state == State.NEW
    assert "Not done to" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "act", "state"),
    [
        ("editor", "publish", "new"),
        ("editor", "approve", "new"),
        ("publisher", "publish", "published"),
    ],
)
def test_rights_are_those_of_the_workflow(
    sign_in: Callable[[str], Client], role: str, act: str, state: State
):
    article = waiting()
    press(sign_in(role), act)
    article.refresh_from_db()
    assert article.state == state


@pytest.mark.parametrize("role", ["auditor", "contributor"])
def test_who_may_only_look_decides_nothing_by_a_forged_press(
    sign_in: Callable[[str], Client], role: str
):
    article = waiting()
    client = sign_in(role)
    assert 'value="spike"' not in client.get(TRIAGE, follow=True).content.decode()
    for act in ("spike", "claim", "publish", "quality:3", "attach:1"):
        answer = client.post(TRIAGE, {"article": article.pk, "version": 1, "act": act})
        assert answer.status_code == 403
    article.refresh_from_db()
    assert (article.state, article.version) == (State.NEW, 1)


def test_nonsense_is_refused_and_changes_nothing(editor: Client):
    article = waiting()
    for sent in (
        {"article": article.pk, "version": 1, "act": "withdraw"},
        {"article": "x", "version": 1, "act": "spike"},
        {"article": "9" * 30, "version": 1, "act": "spike"},
        {"article": article.pk, "version": 1},
    ):
        assert editor.post(TRIAGE, sent).status_code == 403
    for act in (
        "quality:70",
        "quality:10",
        "quality:x",
        "quality",
        "attach:x",
        f"attach:{'9' * 30}",
        "spike",
    ):
        sent = {"article": article.pk, "version": "9" * 30, "act": act}
        assert editor.post(TRIAGE, sent).status_code == 302
    assert editor.get(f"{TRIAGE}?at=nothing&n=-1&quality_from=many", follow=True).status_code == 200
    assert not Transition.objects.exists()


def test_a_person_s_own_keys_stand_on_the_page_or_none(editor: Client):
    waiting()
    assert 'data-key="x"' in editor.get(TRIAGE, follow=True).content.decode()
    keys = f"{TRIAGE}keys/"
    usual = {name: editor.get(keys).context["form"][name].value() for name in ("next", "undo")}
    assert usual == {"next": "j", "undo": "u"}
    chosen = {field.name: field.value() for field in editor.get(keys).context["form"]}
    assert editor.post(keys, chosen | {"spike": "j"}).context["form"].errors
    assert editor.post(keys, chosen | {"spike": "5"}).context["form"].errors
    editor.post(keys, chosen | {"spike": "w"})
    text = editor.get(TRIAGE, follow=True).content.decode()
    assert 'data-key="w"' in text
    assert 'data-key="x"' not in text
    del chosen["has_keys"]
    editor.post(keys, chosen)
    assert "data-key=" not in editor.get(TRIAGE, follow=True).content.decode()
    assert Person.objects.count() == 1


def test_hostile_text_stays_text(editor: Client):
    hostile = '"><script>alert(1)</script>'
    waiting(title=hostile, excerpt=hostile, warnings=[hostile], body=hostile)
    text = editor.get(TRIAGE, follow=True).content.decode()
    assert "<script>alert" not in text
    assert "no-store" in editor.get(TRIAGE, follow=True)["Cache-Control"]


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_an_item_asks_as_many_queries_whatever_the_sizes(editor: Client):
    lead, *_ = make_story({"arrived_at": timezone.now(), "quality": 99}, {})
    relate(lead, title="Told elsewhere")
    waiting(title=lead.title, published_at=A_DAY, web_url=lead.web_url)
    press(editor, "claim")
    press(editor, "quality:7")
    page = shown(editor)["here"]
    few = queries(editor, page)
    for number in range(40):
        relate(make_article(story=lead.story, is_lead=False, quality=number), title="More")
        waiting(title=lead.title, published_at=A_DAY + timedelta(minutes=number))
    assert [one.title for one in shown(editor, page)["items"]].count("Told elsewhere") == 1
    assert queries(editor, page) == few <= 20
